{{/* What a schema cannot say in words: values that do not go together. */}}
{{- define "dormouse.check" -}}
{{- $v := .Values -}}
{{- $hosts := ternary "autoscaling" (printf "%d replicas" (int $v.replicas)) (eq (include "dormouse.isScaled" .) "yes") -}}
{{- if and $v.autoscaling.enabled $v.keda.enabled -}}
{{- fail "autoscaling and keda are both enabled; choose one." -}}
{{- end -}}
{{- if and $v.redis.existingSecret $v.redis.tryOut.enabled -}}
{{- fail (printf "redis.existingSecret is '%s' and redis.tryOut is enabled; choose one." $v.redis.existingSecret) -}}
{{- end -}}
{{- if and (or (include "dormouse.isScaled" .) (gt (int $v.replicas) 1)) (not (include "dormouse.hasRedis" .)) -}}
{{- fail (printf "%s without Redis: hosts would not know of each other's clients; set redis.existingSecret, or redis.tryOut.enabled to try it out." $hosts) -}}
{{- end -}}
{{- if and $v.redis.forwardKey (not $v.redis.existingSecret) -}}
{{- fail (printf "redis.forwardKey is '%s' without redis.existingSecret, whose key it is; set both or none." $v.redis.forwardKey) -}}
{{- end -}}
{{- range $which := list "autoscaling" "keda" -}}
{{- $scaler := get $v $which -}}
{{- if and $scaler.enabled (gt (int $scaler.minReplicas) (int $scaler.maxReplicas)) -}}
{{- fail (printf "%s.minReplicas is %d, above maxReplicas %d; turn them round." $which (int $scaler.minReplicas) (int $scaler.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- fail "autoscaling measures CPU by what is requested, and resources.requests.cpu is not set; set it." -}}
{{- end -}}
{{- if and $v.keda.enabled (not $v.keda.triggers) (not $v.keda.prometheus.serverAddress) -}}
{{- fail "keda has nothing to go by; set keda.prometheus.serverAddress, or keda.triggers." -}}
{{- end -}}
{{- if and $v.keda.enabled (not $v.keda.triggers) (lt (int $v.keda.minReplicas) 1) -}}
{{- fail "keda.minReplicas is 0, and hosts that are not there count no clients that could wake them; set 1, or keda.triggers to something outside the pods." -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is empty; name the Gateway that it hangs under." -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- fail "ingress.hosts is empty; name the hosts that it answers to." -}}
{{- end -}}
{{- if and $v.serviceMonitor.enabled $v.admin.tokens -}}
{{- $token := get $v.admin.tokens $v.serviceMonitor.token -}}
{{- if not (and $token (has "read" ($token.scopes | default list))) -}}
{{- fail (printf "serviceMonitor.token is '%s'; with admin.tokens metrics need one of them that has the scope read." $v.serviceMonitor.token) -}}
{{- end -}}
{{- else if $v.serviceMonitor.token -}}
{{- fail (printf "serviceMonitor.token is '%s', but there is no such token to be sent; enable serviceMonitor and name one of admin.tokens." $v.serviceMonitor.token) -}}
{{- end -}}
{{- $sources := dict "initContainer" $v.plugins.initContainer.image "imageVolume" $v.plugins.imageVolume.reference "claim" $v.plugins.claim "configMap" $v.plugins.configMap -}}
{{- $keys := dict "initContainer" "initContainer.image" "imageVolume" "imageVolume.reference" "claim" "claim" "configMap" "configMap" -}}
{{- range $source, $value := $sources -}}
{{- if and (eq $source $v.plugins.source) (not $value) -}}
{{- fail (printf "plugins.source is %s, and plugins.%s is empty; set it." $source (get $keys $source)) -}}
{{- else if and $value (ne $source $v.plugins.source) -}}
{{- fail (printf "plugins.%s is set, and plugins.source is %s; set plugins.source to %s, or take it away." (get $keys $source) $v.plugins.source $source) -}}
{{- end -}}
{{- end -}}
{{- $secret := "the file is in a ConfigMap, which is no place for secrets; " -}}
{{- $owned := dict
  "server.port" "the chart sets it; choose service.port"
  "admin.bind" "the chart sets it; the admin Service is reached within the cluster alone"
  "admin.port" "the chart sets it"
  "admin.enabled" "the probes need the admin listener"
  "admin.tokens" "name the tokens and their Secrets in admin.tokens"
  "drain.deadline" "set drainSeconds, which the grace period follows"
  "plugins.folder" "the chart sets it; choose plugins.source"
  "plugins.state-folder" "the chart sets it"
  "forward.port" "the chart sets it"
  "forward.bind" "the chart sets it"
  "forward.advertise" "the chart sets it"
  "forward.secret" (print $secret "set redis.forwardKey")
  "backplane.redis.url" (print $secret "set redis.existingSecret")
  "backplane.redis.password" (print $secret "put it into the URL of redis.existingSecret")
  "backplane.redis.sentinel-password" (print $secret "set DORMOUSE_BACKPLANE_REDIS_SENTINEL_PASSWORD in extraEnv, from a Secret")
  "backplane.redis.trust-store-password" (print $secret "set DORMOUSE_BACKPLANE_REDIS_TRUST_STORE_PASSWORD in extraEnv, from a Secret")
  "server.tls.password" (print $secret "set DORMOUSE_SERVER_TLS_PASSWORD in extraEnv, from a Secret")
-}}
{{- range $hook, $keys := get $v.config "hooks" | default dict -}}
{{- $_ := set $owned (printf "hooks.%s.secrets" $hook) (print $secret "set file to one of secretFiles") -}}
{{- end -}}
{{- range $path, $instead := $owned -}}
{{- $at := $v.config -}}
{{- range splitList "." $path -}}
{{- if kindIs "map" $at -}}{{- $at = get $at . -}}{{- else -}}{{- $at = "" -}}{{- end -}}
{{- end -}}
{{- if not (has $at (list "" nil)) -}}
{{- fail (printf "config.%s is set: %s." $path $instead) -}}
{{- end -}}
{{- end -}}
{{- end -}}
