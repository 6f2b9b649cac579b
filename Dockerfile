# docker build -t dormouse .                    the distribution, with the plugins that ship
# docker build -t dormouse:host --target host . without them: FROM dormouse:host, COPY my.jar /plugins/
# For several platforms add --platform linux/amd64,linux/arm64: the last stages run on each of them.

FROM node:22-bookworm-slim AS client
WORKDIR /client
COPY host/client/package.json host/client/package-lock.json host/client/.npmrc ./
RUN npm ci --loglevel=error

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
COPY --from=client /client/node_modules host/client/node_modules
# The build asks whether that is newer than the lock file.
RUN touch host/client/node_modules/.package-lock.json
RUN --mount=type=cache,target=/root/.m2 \
    MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow \
    mvn -B -q -ntp -Dmaven.test.skip=true -pl dist -am package

FROM eclipse-temurin:25-jdk AS runtime
# More than the host needs: a plugin sees what is linked here, and nothing else of the JDK.
RUN jlink --add-modules java.se,jdk.crypto.ec,jdk.unsupported,jdk.zipfs,jdk.net,jdk.management,jdk.jfr \
    --no-header-files --no-man-pages --compress zip-6 --output /opt/runtime
ENV JAVA_HOME=/opt/runtime
COPY --from=build /src/dist/target/dormouse /app
COPY dist/src/main/image/train charts/dormouse/files/broadcast.sh /train/
# After the jars, since the cache is for exactly these.
RUN bash /train/train /app /train/broadcast.sh && mv /app/plugins /shipped

FROM debian:bookworm-slim AS host
LABEL org.opencontainers.image.title="Dormouse" \
      org.opencontainers.image.description="A plugin host for realtime apps, for Socket.IO clients" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=runtime /opt/runtime /opt/runtime
COPY --from=runtime /app /app
# The admin port answers health and metrics, and the rest with a token only.
ENV JAVA_HOME=/opt/runtime PATH=/app:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 \
    DORMOUSE_ADMIN_BIND=0.0.0.0 DORMOUSE_PLUGINS_FOLDER=/plugins
WORKDIR /plugins
WORKDIR /app
USER 10001:10001
EXPOSE 5000 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/dormouse"]
CMD ["run"]

FROM host
COPY --from=runtime /shipped /plugins
