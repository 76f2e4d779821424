{{- /* What follows is about files/kinds.yaml, the generated list of the kinds that the operator serves. */ -}}

{{- /* The kinds of the given scopes, and of the given access if any, by API group, as YAML: {group: [plural, …]}. */ -}}
{{- define "cairn.pluralsByGroup" -}}
{{- $groups := dict -}}
{{- range .root.Files.Get "files/kinds.yaml" | fromYamlArray -}}
{{- if and (has .scope $.scopes) (or (not $.access) (eq .access $.access)) -}}
{{- /* What all services share has no service, and is in the suffix itself. */ -}}
{{- $group := printf "%s.%s" .service $.root.Values.aws.groupSuffix | trimPrefix "." -}}
{{- $_ := set $groups $group (append (default list (get $groups $group)) .plural) -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{- define "cairn.crdNames" -}}
{{- range $group, $plurals := include "cairn.pluralsByGroup" (dict "root" . "scopes" (list "Namespaced" "Cluster")) | fromYaml -}}
{{- range $plurals }}
- {{ . }}.{{ $group }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What the operator may do with its kinds: it neither creates nor deletes them, and only reads what is a setting. */ -}}
{{- define "cairn.operatorRules" -}}
{{- range $group, $plurals := include "cairn.pluralsByGroup" (merge (dict "access" "read") .) | fromYaml }}
- apiGroups: [{{ $group }}]
  resources: [{{ join ", " $plurals }}]
  verbs: [get, list, watch]
{{- end }}
{{- range $group, $plurals := include "cairn.pluralsByGroup" (merge (dict "access" "write") .) | fromYaml }}
- apiGroups: [{{ $group }}]
  resources:
    {{- range $plurals }}
    - {{ . }}
    {{- end }}
  verbs: [get, list, watch, patch, update]
- apiGroups: [{{ $group }}]
  resources:
    {{- range $plurals }}
    - {{ . }}/status
    {{- end }}
  verbs: [get, patch, update]
- apiGroups: [{{ $group }}]
  resources:
    {{- range $plurals }}
    - {{ . }}/finalizers
    {{- end }}
  verbs: [update]
{{- end }}
{{- range $group, $plurals := include "cairn.referenceTargets" .root | fromYaml }}
# What objects refer to, and other controllers look after.
- apiGroups: [{{ $group }}]
  resources: [{{ join ", " $plurals }}]
  verbs: [get, list, watch]
{{- end }}
{{- if .root.Values.secrets.enabled }}
# What fields are filled from.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
{{- end }}
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- with include "cairn.exportTargets" .root }}
# What FieldExports write. They are neither listed nor watched, and nothing is deleted.
- apiGroups: [""]
  resources: [{{ . }}]
  verbs: [get, create, patch]
{{- end }}
{{- end -}}

{{- /*
The kinds of other controllers that objects may refer to, by API group, as YAML: {group: [plural, …]}. They are looked for
in the operator's groups and in ACK's.
*/ -}}
{{- define "cairn.referenceTargets" -}}
{{- $groups := dict -}}
{{- range $target := .Files.Get "files/references.yaml" | fromYamlArray -}}
{{- range $suffix := list $.Values.aws.groupSuffix "services.k8s.aws" | uniq -}}
{{- $group := printf "%s.%s" $target.service $suffix -}}
{{- $_ := set $groups $group (append (default list (get $groups $group)) $target.plural) -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{- /* The kinds that FieldExports may write, as far as they are enabled. */ -}}
{{- define "cairn.exportTargets" -}}
{{- with .Values.fieldExport -}}
{{- $secrets := ternary (eq $.Values.aws.groupSuffix "services.k8s.aws") (toString .secrets | eq "true") (toString .secrets | eq "") -}}
{{- if .enabled -}}
configmaps{{ if $secrets }}, secrets{{ end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /*
What people may do: only namespaced kinds, because a role selector or a definition reaches beyond a namespace, and never
the status, because the operator trusts it.
*/ -}}
{{- define "cairn.userRules" -}}
{{- range $group, $plurals := include "cairn.pluralsByGroup" (dict "root" .root "scopes" (list "Namespaced")) | fromYaml }}
- apiGroups: [{{ $group }}]
  resources: [{{ join ", " $plurals }}]
  verbs: [{{ join ", " $.verbs }}]
{{- end }}
{{- end -}}
