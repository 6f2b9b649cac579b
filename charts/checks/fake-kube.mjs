// An API server just real enough for helm and kubectl: discovery, CRUD, patch, apply, scale, watch. No scheduling, no validation, no auth.
// Usage: node fake-kube.mjs [PORT] ; POD_PHASE=Failed makes every pod fail (helm test must then fail).
// Deployments become ready at once. As on a real one: a Deployment's selector is immutable, its replicas default to 1, and an apply
// that changes replicas which somebody else has scaled is a conflict.
import { createServer } from "node:http";
import { parse } from "yaml";

const kinds = `
v1 Namespace namespaces -; v1 Pod pods; v1 Service services; v1 Secret secrets; v1 ConfigMap configmaps; v1 Event events
v1 ServiceAccount serviceaccounts; v1 PersistentVolumeClaim persistentvolumeclaims
apps/v1 Deployment deployments; apps/v1 ReplicaSet replicasets; batch/v1 Job jobs; policy/v1 PodDisruptionBudget poddisruptionbudgets
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers
networking.k8s.io/v1 Ingress ingresses; networking.k8s.io/v1 NetworkPolicy networkpolicies
rbac.authorization.k8s.io/v1 Role roles; rbac.authorization.k8s.io/v1 RoleBinding rolebindings
keda.sh/v1alpha1 ScaledObject scaledobjects; gateway.networking.k8s.io/v1 HTTPRoute httproutes
monitoring.coreos.com/v1 ServiceMonitor servicemonitors; monitoring.coreos.com/v1 PrometheusRule prometheusrules`
  .split(/[;\n]/).map((line) => line.trim().split(/\s+/)).filter((words) => words.length > 2)
  .map(([apiVersion, kind, plural, scope]) => ({ apiVersion, kind, plural, namespaced: scope !== "-" }));
const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
const objects = new Map(); // path → object
const applied = new Map(); // path → what its manager applied last
const scaled = new Set(); // paths whose replicas somebody else owns
const watchers = new Set();
let revision = 1;

/** Field number → values of a protobuf message: the releases that helm stores arrive in that form. */
function fields(buffer) {
  const found = {};
  let at = 0;
  const varint = () => {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = buffer[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const tag = varint();
    let value = varint();
    if (tag % 8 === 2) value = buffer.subarray(at, (at += value));
    (found[Math.floor(tag / 8)] ??= []).push(value);
  }
  return found;
}

const failure = (code, reason, message) => ({ code, body: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message } });
const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function merge(live, patch) {
  if (!plain(patch)) return patch;
  const result = plain(live) ? { ...live } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** What was applied before and is no longer, as a merge patch. */
function removed(before, now) {
  const patch = {};
  for (const key of Object.keys(before ?? {})) {
    if (!(key in now)) patch[key] = null;
    else if (plain(before[key]) && plain(now[key])) Object.assign(patch, { [key]: removed(before[key], now[key]) });
  }
  return patch;
}

function settle(object) {
  const generation = object.metadata.generation;
  const replicas = object.spec?.replicas;
  if (object.kind === "Deployment") {
    object.status = { observedGeneration: generation, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas,
      conditions: [{ type: "Available", status: "True" }, { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }] };
  }
  if (object.kind === "Pod") object.status = { phase: process.env.POD_PHASE ?? "Succeeded" };
  if (object.kind === "Job") object.status = { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] };
  if (object.kind === "Service") {
    object.spec.clusterIP ??= "10.96.0.7";
    object.status = { loadBalancer: object.spec.type === "LoadBalancer" ? { ingress: [{ ip: "192.0.2.7" }] } : {} };
  }
  if (object.kind === "PersistentVolumeClaim") object.status = { phase: "Bound" };
}

function store(path, object, type) {
  const before = objects.get(path);
  if (before?.kind === "Deployment" && !same(before.spec.selector, object.spec.selector)) {
    return failure(422, "Invalid", `Deployment.apps "${object.metadata.name}" is invalid: spec.selector: field is immutable`);
  }
  if (object.kind === "Deployment") object.spec.replicas ??= 1;
  const changed = !before || !same(before.spec, object.spec);
  object.metadata = { uid: `uid-${revision}`, creationTimestamp: new Date().toISOString(), ...object.metadata,
    generation: (before?.metadata.generation ?? 0) + (changed ? 1 : 0), resourceVersion: `${++revision}` };
  settle(object);
  objects.set(path, object);
  announce(type, path, object);
  return { code: type === "ADDED" ? 201 : 200, body: object };
}

function announce(type, path, object) {
  for (const watcher of watchers) if (watcher.matches(path, object)) watcher.send(type, object);
}

function secret(body) {
  const message = fields(fields(body.subarray(4))[2][0]);
  const metadata = fields(message[1][0]);
  const entries = (list, encoding) => Object.fromEntries((list ?? []).map(fields).map((entry) => [`${entry[1][0]}`, (entry[2]?.[0] ?? Buffer.alloc(0)).toString(encoding)]));
  return { metadata: { name: `${metadata[1][0]}`, labels: entries(metadata[11], "utf8") }, type: `${message[3]?.[0] ?? "Opaque"}`, data: entries(message[2], "base64") };
}

function parsed(headers, body) {
  if (!body.length) return undefined;
  return headers["content-type"]?.includes("protobuf") ? secret(body) : parse(body.toString());
}

const root = (apiVersion) => (apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`);

/** Only what tells a client that the server checks fields by itself, so that it does not ask for schemas. */
function openapi(path) {
  const paths = {};
  for (const { apiVersion, kind, plural } of kinds.filter((each) => root(each.apiVersion) === path)) {
    const [version, group] = apiVersion.split("/").reverse();
    paths[`/${path}/namespaces/{namespace}/${plural}/{name}`] = { patch: { parameters: [{ name: "fieldValidation", in: "query" }],
      responses: {}, "x-kubernetes-group-version-kind": { group: group ?? "", version, kind } } };
  }
  return { openapi: "3.0.0", info: { title: "fake", version: "1" }, paths };
}

function answer({ method, url, headers }, body) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === "/version") return { body: { major: "1", minor: "33", gitVersion: "v1.33.0" } };
  if (pathname === "/openapi/v3") {
    return { body: { paths: Object.fromEntries(kinds.map(({ apiVersion }) => [root(apiVersion), { serverRelativeURL: `/openapi/v3/${root(apiVersion)}` }])) } };
  }
  if (pathname.startsWith("/openapi/v3/")) return { body: openapi(pathname.slice("/openapi/v3/".length)) };
  if (pathname === "/api") return { body: { kind: "APIVersions", versions: ["v1"] } };
  if (pathname === "/apis") {
    const groups = [...new Set(kinds.map((each) => each.apiVersion).filter((version) => version !== "v1"))].map((groupVersion) => {
      const [name, version] = groupVersion.split("/");
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
    return { body: { kind: "APIGroupList", apiVersion: "v1", groups } };
  }
  const [, apiVersion, rest] = pathname.match(/^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)(?:\/(.*))?$/) ?? [];
  const served = kinds.filter((each) => each.apiVersion === apiVersion);
  if (!served.length) return failure(404, "NotFound", `no such path: ${pathname}`);
  if (!rest) return { body: { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersion,
    resources: served.map((each) => ({ name: each.plural, singularName: each.kind.toLowerCase(), kind: each.kind, namespaced: each.namespaced, verbs })) } };
  const [, namespace, plural, name, sub] = rest.match(/^(?:namespaces\/([^/]+)\/(?=.))?([^/]+)(?:\/([^/]+))?(?:\/(.+))?$/) ?? [];
  const type = served.find((each) => each.plural === plural);
  if (!type) return failure(404, "NotFound", `no such resource: ${pathname}`);
  if (sub === "log") return { text: "log of the test pod\n" };
  if (method === "GET" && !name) return list(type, namespace, searchParams);
  const key = (objectName) => `${type.apiVersion}/${type.plural}/${namespace ?? ""}/${objectName}`;
  const path = key(name ?? body?.metadata?.name);
  const live = objects.get(path);
  const missing = () => failure(404, "NotFound", `${plural} "${name}" not found`);
  if (sub === "scale") return live ? scale(path, live, method, body) : missing();
  switch (method) {
    case "GET": return live ? { body: live } : missing();
    case "POST":
      if (live) return failure(409, "AlreadyExists", `${plural} "${body.metadata.name}" already exists`);
      return store(path, withPlace(body, type, namespace), "ADDED");
    case "PUT": return live ? store(path, withPlace(body, type, namespace), "MODIFIED") : missing();
    case "PATCH": {
      const apply = headers["content-type"].startsWith("application/apply-patch");
      if (!live && !apply) return missing();
      if (apply && scaled.has(path) && (body.spec.replicas ?? live.spec.replicas) !== live.spec.replicas && searchParams.get("force") !== "true") {
        return failure(409, "Conflict", 'Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "scale" using apps/v1: .spec.replicas');
      }
      const gone = apply ? removed(applied.get(path), body) : {};
      if (scaled.has(path)) delete gone.spec?.replicas;
      const full = merge(merge(live ?? {}, gone), body);
      const stored = store(path, withPlace(full, type, namespace), live ? "MODIFIED" : "ADDED");
      if (apply && stored.code < 300) applied.set(path, body);
      return stored;
    }
    case "DELETE":
      if (!live) return missing();
      objects.delete(path);
      applied.delete(path);
      scaled.delete(path);
      announce("DELETED", path, live);
      return { body: { kind: "Status", apiVersion: "v1", status: "Success" } };
    default: return failure(405, "MethodNotAllowed", method);
  }
}

const withPlace = (object, type, namespace) => ({ apiVersion: type.apiVersion, kind: type.kind, ...object,
  metadata: { ...object.metadata, ...(type.namespaced ? { namespace } : {}) } });

function scale(path, live, method, body) {
  if (method !== "GET") {
    scaled.add(path);
    store(path, { ...live, spec: { ...live.spec, replicas: body.spec.replicas } }, "MODIFIED");
  }
  const { name, namespace, resourceVersion } = live.metadata;
  return { body: { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name, namespace, resourceVersion }, spec: { replicas: objects.get(path).spec.replicas } } };
}

function list(type, namespace, query) {
  const labels = (query.get("labelSelector") ?? "").split(",").filter(Boolean).map((each) => each.split(/==?/));
  const field = (query.get("fieldSelector") ?? "").match(/metadata\.name=([^,]+)/)?.[1];
  const prefix = `${type.apiVersion}/${type.plural}/${namespace ? `${namespace}/` : ""}`;
  const matches = (path, object) => path.startsWith(prefix) && (!field || object.metadata.name === field)
    && labels.every(([key, value]) => object.metadata.labels?.[key] === value);
  const items = [...objects].filter(([path, object]) => matches(path, object)).map(([, object]) => object);
  if (query.get("watch") === "true" || query.get("watch") === "1") return { watch: { matches, items, initial: query.get("sendInitialEvents") === "true", type } };
  return { body: { kind: `${type.kind}List`, apiVersion: type.apiVersion, metadata: { resourceVersion: `${revision}` }, items } };
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
    const body = Buffer.concat(chunks);
    const result = answer(request, request.method === "DELETE" ? undefined : parsed(request.headers, body));
    if (process.env.LOG) console.error(request.method, request.url, result.code ?? 200);
    if (result.text) return response.end(result.text);
    response.writeHead(result.code ?? 200, { "content-type": "application/json" });
    if (!result.watch) return response.end(JSON.stringify(result.body));
    const { matches, items, initial, type } = result.watch;
    const send = (event, object) => response.write(`${JSON.stringify({ type: event, object })}\n`);
    if (initial) {
      items.forEach((item) => send("ADDED", item));
      send("BOOKMARK", { kind: type.kind, apiVersion: type.apiVersion, metadata: { resourceVersion: `${revision}`, annotations: { "k8s.io/initial-events-end": "true" } } });
    }
    response.flushHeaders();
    const watcher = { matches, send };
    watchers.add(watcher);
    response.on("close", () => watchers.delete(watcher));
  });
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
