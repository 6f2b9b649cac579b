// What no schema says: that the manifests of one rendering fit each other, and what the chart promises of its pods.
// Usage: node invariants.mjs FILE.yaml...
import { parse } from "yaml";
import { documents, report } from "./common.mjs";

const problems = [];
const all = documents(process.argv.slice(2), problems);
const matches = (selector, labels) => Object.entries(selector).every(([key, value]) => labels?.[key] === value);
const seconds = (text) => Number(/^(\d+)s$/.exec(text)?.[1]);

for (const file of new Set(all.map((each) => each.file))) {
  const manifests = all.filter((each) => each.file === file).map((each) => each.manifest);
  const kind = (name) => manifests.filter((manifest) => manifest.kind === name);
  const holds = (condition, problem) => condition || problems.push(`${file}: ${problem}`);
  const deployments = kind("Deployment");
  const pods = [
    ...deployments.map(({ metadata, spec }) => ({ name: metadata.name, labels: spec.template.metadata.labels, spec: spec.template.spec })),
    ...kind("Pod").map(({ metadata, spec }) => ({ name: metadata.name, labels: metadata.labels, spec })),
  ];
  const ports = (pod) => pod.spec.containers.flatMap((container) => container.ports ?? []);
  const isHost = (pod) => pod.labels["app.kubernetes.io/component"] === "host";
  const host = pods.filter(isHost);
  holds(host.length === 1, `${host.length} Deployments of hosts`);

  // Pods.
  for (const { name, spec, labels } of pods) {
    const security = spec.securityContext;
    holds(security?.runAsNonRoot === true && security.runAsUser === 10001 && security.seccompProfile?.type === "RuntimeDefault",
      `pod '${name}' is not restricted`);
    holds(spec.automountServiceAccountToken === false, `pod '${name}' has a token of Kubernetes`);
    holds(spec.enableServiceLinks === false, `pod '${name}' has service links, which become DORMOUSE_… variables`);
    holds(!["hostNetwork", "hostPID", "hostIPC"].some((key) => spec[key]), `pod '${name}' shares what is the node's`);
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    for (const container of containers) {
      const own = container.securityContext;
      holds(own?.allowPrivilegeEscalation === false && own.readOnlyRootFilesystem === true && own.capabilities?.drop?.join() === "ALL",
        `container '${container.name}' of '${name}' is not restricted`);
      holds(container.resources?.limits?.memory && container.resources?.requests?.cpu, `container '${container.name}' of '${name}' has no limits`);
      for (const mount of container.volumeMounts ?? []) {
        holds(spec.volumes?.some((volume) => volume.name === mount.name), `'${name}' mounts '${mount.name}', which is no volume`);
      }
    }
    for (const volume of spec.volumes ?? []) {
      holds(containers.some((container) => container.volumeMounts?.some((mount) => mount.name === volume.name)), `nobody mounts the volume '${volume.name}'`);
    }
    for (const [key, value] of Object.entries(labels)) holds(value.length <= 63, `label ${key} of '${name}' is too long`);
  }
  for (const { metadata, spec } of deployments) {
    holds(matches(spec.selector.matchLabels, spec.template.metadata.labels), `Deployment '${metadata.name}' does not select its own pods`);
    holds(!("app.kubernetes.io/version" in spec.selector.matchLabels), `Deployment '${metadata.name}' selects by version, which changes`);
  }
  if (host.length !== 1) continue;

  // How a host leaves, and who counts hosts.
  const [{ name, spec: pod }] = host;
  const [container] = pod.containers;
  const settings = parse(kind("ConfigMap").find((map) => map.data["dormouse.yaml"]).data["dormouse.yaml"]).dormouse;
  const wait = container.lifecycle.preStop.sleep.seconds;
  holds(pod.terminationGracePeriodSeconds >= wait + seconds(settings.drain.deadline) + 5,
    `a grace period of ${pod.terminationGracePeriodSeconds} s is too short for ${wait} s and ${settings.drain.deadline}`);
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
    const { path, port } = container[probe].httpGet;
    holds(port === "admin" && path === `/health/${{ s: "started", l: "live", r: "ready" }[probe[0]]}`, `${probe} asks ${path} of ${port}`);
  }
  const scalers = [...kind("HorizontalPodAutoscaler"), ...kind("ScaledObject")];
  const deployment = deployments.find((each) => each.metadata.name === name);
  holds((deployment.spec.replicas === undefined) === (scalers.length === 1), `replicas is ${deployment.spec.replicas} beside ${scalers.length} autoscalers`);
  for (const { spec } of scalers) {
    holds(spec.scaleTargetRef.name === name && spec.scaleTargetRef.kind === "Deployment", "an autoscaler has another target");
    for (const trigger of spec.triggers?.filter(({ type }) => type === "prometheus") ?? []) {
      holds(Object.keys(trigger.metadata).sort().join() === "query,serverAddress,threshold", `keys of the trigger: ${Object.keys(trigger.metadata)}`);
    }
  }

  // The configured ports are those of the container.
  const port = (named) => container.ports.find((each) => each.name === named)?.containerPort;
  holds(port("http") === settings.server.port && port("admin") === settings.admin.port, "the file has other ports than the container");
  holds(port("hosts") === settings.forward?.port, "the file has another port for hosts than the container");
  const hasRedis = container.env.some((variable) => variable.name === "REDIS_URL");
  holds(hasRedis === (port("hosts") !== undefined), "hosts with Redis need a port for each other, and no others do");
  const secrets = pod.volumes.find((volume) => volume.name === "secrets")?.projected.sources.flatMap(({ secret }) => secret.items) ?? [];
  for (const [file] of JSON.stringify(settings).matchAll(/\/run\/secrets\/dormouse\/[^"]*/g)) {
    holds(secrets.some((item) => file === `/run/secrets/dormouse/${item.path}`), `no Secret is mounted at ${file}`);
  }

  // Services and what leads to them.
  const services = kind("Service");
  for (const { metadata, spec } of services) {
    const chosen = pods.filter((each) => matches(spec.selector, each.labels));
    holds(chosen.length === 1, `Service '${metadata.name}' selects ${chosen.length} workloads`);
    for (const { targetPort } of spec.ports) {
      holds(chosen.every((each) => ports(each).some((one) => one.name === targetPort)), `Service '${metadata.name}' targets '${targetPort}', which its pods have not`);
    }
  }
  const serves = (service, wanted) => services.find((each) => each.metadata.name === service)
    ?.spec.ports.some((one) => one.port === wanted || one.name === wanted);
  for (const { spec } of kind("HTTPRoute")) {
    spec.rules.flatMap((rule) => rule.backendRefs).forEach((to) => holds(serves(to.name, to.port), `the HTTPRoute leads to ${to.name}:${to.port}`));
  }
  for (const { spec } of kind("Ingress")) {
    spec.rules.flatMap((rule) => rule.http.paths).forEach(({ backend: { service } }) =>
      holds(serves(service.name, service.port.name), `the Ingress leads to ${service.name}:${service.port.name}`));
    holds(!JSON.stringify(spec).includes("-admin"), "the Ingress leads to the admin Service");
  }
  for (const { spec } of kind("ServiceMonitor")) {
    const chosen = services.filter((each) => matches(spec.selector.matchLabels, each.metadata.labels));
    holds(chosen.length === 1 && spec.endpoints.every((end) => chosen[0].spec.ports.some((one) => one.name === end.port)), "the ServiceMonitor does not find one Service");
  }
  for (const { spec } of kind("PodDisruptionBudget")) {
    holds(pods.filter((each) => matches(spec.selector.matchLabels, each.labels)).every(isHost), "the budget counts others than hosts");
  }
  for (const { metadata, spec } of kind("NetworkPolicy")) {
    const chosen = pods.filter((each) => matches(spec.podSelector.matchLabels, each.labels));
    holds(chosen.length === 1, `NetworkPolicy '${metadata.name}' selects ${chosen.length} workloads`);
    const admitted = spec.ingress.flatMap((rule) => rule.ports.map((one) => one.port));
    const missing = chosen.flatMap(ports).filter((one) => !admitted.includes(one.name) && one.name !== "admin");
    holds(missing.length === 0, `NetworkPolicy '${metadata.name}' lets nobody in at ${missing.map((one) => one.name)}`);
    const between = spec.ingress.find((rule) => rule.ports.some((one) => one.port === "hosts"));
    holds(!between || between.from.every((peer) => matches(peer.podSelector.matchLabels, host[0].labels)), "others than hosts reach the port for hosts");
  }
  holds(kind("Secret").length === 0, "a Secret is rendered: it would be in the release as well");
}
report(`${new Set(all.map((each) => each.file)).size} renderings that fit together`, problems, all.length);
