{{- define "zhishou.labels" -}}
app.kubernetes.io/name: zhishou
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "zhishou.node" -}}
app.kubernetes.io/name: zhishou
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: node
{{- end }}

{{- define "zhishou.broker" -}}
app.kubernetes.io/name: zhishou
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: broker
{{- end }}

{{/* No root, nothing written but what is mounted, no privileges. */}}
{{- define "zhishou.contained" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Everything secret as files in one folder, each named like a setting. */}}
{{- define "zhishou.secrets" -}}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      - secret:
          {{- if .Values.database.cloudNativePG }}
          name: {{ .Release.Name }}-database-app
          items: [{key: uri, path: database_url}]
          {{- else }}
          name: {{ .Values.database.existingSecret }}
          items: [{key: database_url, path: database_url}]
          {{- end }}
      {{- with (ternary .Values.broker.secret .Values.broker.existingSecret .Values.broker.enabled) }}
      - secret:
          name: {{ . }}
          items: [{key: zhishou_mqtt_url, path: zhishou_mqtt_url}]
      {{- end }}
      {{- with .Values.extraSecret }}
      - secret: {name: {{ . }}}
      {{- end }}
{{- end }}

{{- define "zhishou.settings" -}}
- {name: ZHISHOU_SECRETS_FOLDER, value: /run/secrets/zhishou}
- {name: ZHISHOU_STREAM, value: {{ .Values.stream | quote }}}
- {name: ZHISHOU_HTTPS, value: "1"}
- {name: ZHISHOU_LEAVE_S, value: {{ .Values.leaveSeconds | quote }}}
- {name: ZHISHOU_MQTT_SHARED, value: "1"}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
