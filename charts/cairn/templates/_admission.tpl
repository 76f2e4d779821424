{{- /* What follows is about files/annotations.yaml, the generated table of the annotations by which people steer Cairn. */ -}}

{{- /*
The annotations that are known in one place, `objects` or `namespaces`, as YAML: {whole key: {pattern, expected}}. What
ACK honours and Cairn does not is refused under our own names, where it is a mistake; under ACK's it may be meant for ACK.
*/ -}}
{{- define "cairn.annotations" -}}
{{- $suffix := .root.Values.aws.groupSuffix -}}
{{- $services := list -}}
{{- range .root.Files.Get "files/kinds.yaml" | fromYamlArray -}}
{{- if .service }}{{ $services = append $services .service | uniq }}{{ end -}}
{{- end -}}
{{- $known := dict -}}
{{- range $row := .root.Files.Get "files/annotations.yaml" | fromYamlArray -}}
{{- if get $row $.place -}}
{{- $free := and (not $row.offered) (include "cairn.besideACK" $.root) -}}
{{- $form := dict "pattern" (ternary "" $row.pattern (not (empty $free))) "expected" $row.expected -}}
{{- if $row.ofService -}}
{{- range $services }}{{ $_ := set $known (printf "%s.%s/%s" . $suffix $row.key) $form }}{{ end -}}
{{- else -}}
{{- $_ := set $known (printf "%s/%s" $suffix $row.key) $form -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $known -}}
{{- end -}}

{{- /* Not empty where the names are ACK's, so that annotations may be meant for ACK. */ -}}
{{- define "cairn.besideACK" -}}
{{- if eq .Values.aws.groupSuffix "services.k8s.aws" }}true{{ end -}}
{{- end -}}

{{- /* The resources of the kinds that stand for something in AWS, as rules of an admission policy. */ -}}
{{- define "cairn.managedResources" -}}
{{- range $group, $plurals := include "cairn.pluralsByGroup" (dict "root" .root "scopes" (list "Namespaced")) | fromYaml -}}
{{- if ne $group $.root.Values.aws.groupSuffix }}
- apiGroups: [{{ $group }}]
  apiVersions: ["*"]
  operations: [{{ join ", " $.operations }}]
  resources: [{{ join ", " $plurals }}]
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The binding of one policy: to all namespaces, or to those that the operator works in. */ -}}
{{- define "cairn.admissionBinding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name }}
  labels:
    {{- include "cairn.labels" .root | nindent 4 }}
spec:
  policyName: {{ .name }}
  validationActions: [{{ .action }}]
  {{- with .root.Values.watchNamespaces }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: In, values: {{ toJson . }}}
  {{- end }}
{{- end -}}
