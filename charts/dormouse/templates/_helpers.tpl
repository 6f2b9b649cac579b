{{- define "dormouse.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What never changes in the life of a release: selectors are immutable. */}}
{{- define "dormouse.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dormouse.hosts" -}}
{{ include "dormouse.selector" . }}
app.kubernetes.io/component: host
{{- end -}}

{{- define "dormouse.labels" -}}
{{ include "dormouse.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "dormouse.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "dormouse.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "dormouse.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "dormouse.hasRedis" -}}
{{- if or .Values.redis.existingSecret .Values.redis.tryOut.enabled }}yes{{ end -}}
{{- end -}}

{{- define "dormouse.isScaled" -}}
{{- if or .Values.autoscaling.enabled .Values.keda.enabled }}yes{{ end -}}
{{- end -}}

{{/* The hosts' file: what the chart decides comes over what the values say. */}}
{{- define "dormouse.file" -}}
{{- $admin := dict "bind" "0.0.0.0" "port" 9090 -}}
{{- range $name, $token := .Values.admin.tokens -}}
{{- $entry := dict "file" (printf "/run/secrets/dormouse/tokens/%s" $name) "scopes" $token.scopes -}}
{{- $_ := set $admin "tokens" (set ($admin.tokens | default dict) $name $entry) -}}
{{- end -}}
{{- $own := dict
  "server" (dict "port" 5000)
  "admin" $admin
  "drain" (dict "deadline" (printf "%ds" (int .Values.drainSeconds)))
  "plugins" (dict "folder" "/plugins" "state-folder" "/var/lib/dormouse")
-}}
{{- if include "dormouse.hasRedis" . -}}
{{- $_ := set $own "forward" (dict "port" 5100) -}}
{{- end -}}
{{- toYaml (dict "dormouse" (mustMergeOverwrite (deepCopy .Values.config) $own)) -}}
{{- end -}}

{{/* The labels that the operator's Prometheus puts on each metric of this release's hosts. */}}
{{- define "dormouse.series" -}}
namespace="{{ .Release.Namespace }}",service="{{ include "dormouse.fullname" . }}-admin"
{{- end -}}
