{{- /* Numbers pass int64, or Helm writes a million as 1e+06. */ -}}
{{- define "cairn.args" -}}
{{- with .Values.aws }}
{{- with .region }}
- --aws-region={{ . }}
{{- end }}
{{- with .endpointUrl }}
- --aws-endpoint-url={{ . }}
{{- end }}
{{- with .identityEndpointUrl }}
- --aws-identity-endpoint-url={{ . }}
{{- end }}
{{- if .allowUnsafeEndpointUrls }}
- --allow-unsafe-aws-endpoint-urls
{{- end }}
{{- if .endpointUsePathStyle }}
- --aws-endpoint-use-path-style
{{- end }}
{{- if .useFipsEndpoint }}
- --aws-use-fips-endpoint
{{- end }}
{{- if .useDualstackEndpoint }}
- --aws-use-dualstack-endpoint
{{- end }}
- --aws-group-suffix={{ .groupSuffix }}
{{- end }}
- --graph-group={{ .Values.graph.group }}
{{- with .Values.graph.instanceGroup }}
- --graph-instance-group={{ . }}
{{- end }}
- --enable-composition={{ .Values.graph.enabled }}
- --allow-crd-deletion={{ .Values.graph.allowCrdDeletion }}
- --rgd-max-graph-revisions={{ .Values.graph.maxRevisions | int64 }}
{{- with .Values.cluster.id }}
- --cluster-id={{ . }}
{{- end }}
{{- with .Values.watchNamespaces }}
- --watch-namespace={{ join "," . }}
{{- end }}
- --leader-election-namespace={{ .Release.Namespace }}
- --leader-election-lease-seconds={{ .Values.leaderElection.leaseSeconds | int64 }}
- --deletion-policy={{ .Values.deletionPolicy }}
{{- with .Values.adoption.namespaces }}
- --adoption-namespaces={{ join "," . }}
{{- end }}
{{- with .Values.resourceTags }}
- --resource-tags={{ join "," . }}
{{- end }}
{{- with .Values.costAllocation.labels }}
- --cost-allocation-labels={{ join "," . }}
{{- end }}
{{- if .Values.paused }}
- --paused
{{- end }}
- --enable-field-export-reconciler={{ .Values.fieldExport.enabled }}
- --enable-secrets={{ .Values.secrets.enabled }}
{{- if ne (toString .Values.enableCrossNamespace) "" }}
- --enable-cross-namespace={{ .Values.enableCrossNamespace }}
{{- end }}
- --log-level={{ .Values.log.level }}
- --log-format={{ .Values.log.format }}
- --metrics-addr=[::]:{{ .Values.metrics.port | int64 }}
- --healthz-addr=[::]:{{ .Values.health.port | int64 }}
- --http-client-timeout={{ .Values.httpClientTimeoutSeconds | int64 }}s
{{- with .Values.reconcile }}
- --reconcile-default-resync-seconds={{ .defaultResyncSeconds | int64 }}
{{- with .defaultMaxConcurrentSyncs | int64 }}
- --reconcile-default-max-concurrent-syncs={{ . }}
{{- end }}
{{- range $kind, $seconds := .resourceResyncSeconds }}
- --reconcile-resource-resync-seconds={{ $kind }}={{ $seconds | int64 }}
{{- end }}
{{- range $kind, $count := .resourceMaxConcurrentSyncs }}
- --reconcile-resource-max-concurrent-syncs={{ $kind }}={{ $count | int64 }}
{{- end }}
{{- end }}
{{- end -}}
