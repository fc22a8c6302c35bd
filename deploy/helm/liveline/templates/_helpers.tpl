{{/* Names, labels and the parts that all pods have in common. "component" is worker, gateway, poller, deliverer, topics. */}}

{{- define "liveline.name" -}}
{{- if contains "liveline" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-liveline" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "liveline.selector" -}}
app.kubernetes.io/name: liveline
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "liveline.labels" -}}
{{ include "liveline.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Without a database's Secret archive and state are SQLite files on a volume. */}}
{{- define "liveline.sqlite" -}}
{{- if not .Values.secrets.database }}true{{ end }}
{{- end }}

{{/* Numbers come from YAML as floats: 4194304 must not become 4.194304e+06. */}}
{{- define "liveline.value" -}}
{{- if kindIs "float64" . }}{{ if eq (floor .) . }}{{ int64 . }}{{ else }}{{ . }}{{ end }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{/* What all processes are told and nobody needs to hide: variable: "value". */}}
{{- define "liveline.settings" -}}
{{- if and (hasPrefix "SASL_" .Values.kafka.securityProtocol) (not .Values.secrets.kafka) }}
{{- fail "secrets.kafka: not set; expected a Secret with LIVELINE_KAFKA_SASL_USERNAME and LIVELINE_KAFKA_SASL_PASSWORD" }}
{{- end }}
LIVELINE_KAFKA: {{ required "kafka.bootstrap: not set; expected host:port,host:port" .Values.kafka.bootstrap | quote }}
LIVELINE_KAFKA_SECURITY_PROTOCOL: {{ .Values.kafka.securityProtocol | quote }}
LIVELINE_KAFKA_SASL_MECHANISM: {{ .Values.kafka.saslMechanism | quote }}
{{- if .Values.kafka.ca.secret }}
LIVELINE_KAFKA_CA_FILE: /etc/kafka-ca/{{ .Values.kafka.ca.key }}
{{- end }}
LIVELINE_TOPIC_PREFIX: {{ .Values.kafka.topicPrefix | quote }}
LIVELINE_PARTITIONS: {{ .Values.kafka.partitions | int64 | quote }}
LIVELINE_REPLICATION: {{ .Values.kafka.replication | int64 | quote }}
LIVELINE_APPLICATION: {{ .Values.kafka.application | quote }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ include "liveline.value" $value | quote }}
{{- end }}
{{- end }}

{{- define "liveline.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Who a container is: the user of the image; no right at Kubernetes' API. */}}
{{- define "liveline.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Pods of a kind stand on different nodes where there are several. */}}
{{- define "liveline.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "liveline.selector" . | nindent 8 }}
{{- end }}

{{/* Settings are read at the start only, so another value starts the pod anew. */}}
{{- define "liveline.annotations" -}}
checksum/settings: {{ include "liveline.settings" . | sha256sum }}
{{- if and .Values.restartOnNewsroom (not .Values.newsroomConfigMap) }}
checksum/newsroom: {{ .Values.newsroom | sha256sum }}
{{- end }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Kafka's name and password from their Secret. */}}
{{- define "liveline.kafkaLogin" -}}
{{- range list "LIVELINE_KAFKA_SASL_USERNAME" "LIVELINE_KAFKA_SASL_PASSWORD" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.secrets.kafka }}
      key: {{ . }}
{{- end }}
{{- end }}

{{/* Settings of one process. Takes root, bind (a variable), port, archive and state (whether it opens them). */}}
{{- define "liveline.env" -}}
- name: LIVELINE_CONFIG
  value: /etc/liveline/liveline.yaml
- name: {{ .bind }}
  value: {{ printf "0.0.0.0:%d" (int64 .port) | quote }}
{{- if .root.Values.secrets.kafka }}
{{- include "liveline.kafkaLogin" .root }}
{{- end }}
{{- if include "liveline.sqlite" .root }}
{{- if .archive }}
- name: LIVELINE_ARCHIVE
  value: sqlite:////data/liveline.db
{{- end }}
{{- if .state }}
- name: LIVELINE_STATE
  value: sqlite:////data/liveline-state.db
{{- end }}
{{- else }}
{{- if .archive }}
- name: LIVELINE_ARCHIVE
  valueFrom: {secretKeyRef: {name: {{ .root.Values.secrets.database }}, key: LIVELINE_ARCHIVE}}
{{- end }}
{{- if .state }}
- name: LIVELINE_STATE
  valueFrom: {secretKeyRef: {name: {{ .root.Values.secrets.database }}, key: LIVELINE_STATE}}
{{- end }}
{{- end }}
{{- end }}

{{/* /healthz says that a process lives, /readyz that it is at work: only the first one restarts it. */}}
{{- define "liveline.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 15
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: {{ . }}}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{- define "liveline.mounts" -}}
- name: newsroom
  mountPath: /etc/liveline
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.kafka.ca.secret }}
- name: kafka-ca
  mountPath: /etc/kafka-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* The newsroom is mounted as a folder: a file mounted by itself would never change. */}}
{{- define "liveline.volumes" -}}
- name: newsroom
  configMap:
    name: {{ .Values.newsroomConfigMap | default (printf "%s-newsroom" (include "liveline.name" .)) }}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.tmpSize }}}
{{- if .Values.kafka.ca.secret }}
- name: kafka-ca
  secret:
    secretName: {{ .Values.kafka.ca.secret }}
{{- end }}
{{- end }}

{{/* One process. Takes root, name, command, port, portName, bind, resources, secrets (names), archive, state, data (has the volume). */}}
{{- define "liveline.container" -}}
- name: {{ .name }}
  {{- include "liveline.image" .root | nindent 2 }}
  args: [{{ .command }}]
  env:
    {{- include "liveline.env" . | nindent 4 }}
  envFrom:
    - configMapRef:
        name: {{ include "liveline.name" .root }}-settings
    {{- range compact .secrets }}
    - secretRef:
        name: {{ . }}
    {{- end }}
  ports:
    - name: {{ .portName }}
      containerPort: {{ int64 .port }}
  {{- include "liveline.probes" .portName | nindent 2 }}
  resources:
    {{- toYaml .resources | nindent 4 }}
  volumeMounts:
    {{- include "liveline.mounts" .root | nindent 4 }}
    {{- if .data }}
    - name: data
      mountPath: /data
    {{- end }}
{{- end }}

{{- define "liveline.deliverer" -}}
{{- include "liveline.container" (dict "root" . "name" "deliverer" "command" "deliver" "port" .Values.deliverer.port
    "portName" "deliverer" "bind" "LIVELINE_DELIVER_BIND" "resources" .Values.deliverer.resources
    "secrets" (list .Values.secrets.sinks) "state" true "data" (include "liveline.sqlite" .)) }}
{{- end }}
