package main

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
)

// plainTypes are the types without parameters, by their name in the table.
var plainTypes = map[string]*cel.Type{
	"bool":      cel.BoolType,
	"int":       cel.IntType,
	"uint":      cel.UintType,
	"double":    cel.DoubleType,
	"string":    cel.StringType,
	"bytes":     cel.BytesType,
	"null":      cel.NullType,
	"timestamp": cel.TimestampType,
	"duration":  cel.DurationType,
	"dyn":       cel.DynType,
	// Kubernetes declares it so: neither an integer nor a string is assured.
	"int-or-string": cel.DynType,
}

// opaqueNames are the types of the libraries, by the names they have there.
var opaqueNames = map[string]string{
	"kubernetes.URL":            "url",
	"net.IP":                    "ip",
	"net.CIDR":                  "cidr",
	"kubernetes.Quantity":       "quantity",
	"kubernetes.Semver":         "semver",
	"kubernetes.NamedFormat":    "format",
	"optional_type":             "optional",
	"null_type":                 "null",
	"google.protobuf.Timestamp": "timestamp",
	"google.protobuf.Duration":  "duration",
}

// parseType reads the notation of a type, as in `map(string, list(int))`.
func parseType(text string) (*cel.Type, error) {
	parsed, rest, err := leadingType(text)
	if err == nil && rest != "" {
		err = fmt.Errorf("after the type: %q", rest)
	}
	return parsed, err
}

// leadingType reads a type, and gives what follows it.
func leadingType(text string) (*cel.Type, string, error) {
	end := strings.IndexAny(text, "(,)")
	if end < 0 {
		end = len(text)
	}
	name, rest := strings.TrimSpace(text[:end]), text[end:]
	if plain, isPlain := plainTypes[name]; isPlain {
		return plain, rest, nil
	}
	var parts []*cel.Type
	for opening := byte('('); rest != "" && rest[0] == opening; opening = ',' {
		part, after, err := leadingType(rest[1:])
		if err != nil {
			return nil, "", err
		}
		parts, rest = append(parts, part), after
	}
	rest, closed := strings.CutPrefix(rest, ")")
	switch {
	case closed && name == "list" && len(parts) == 1:
		return cel.ListType(parts[0]), rest, nil
	case closed && name == "map" && len(parts) == 2:
		return cel.MapType(parts[0], parts[1]), rest, nil
	}
	return nil, "", fmt.Errorf("no type: %q", text)
}

// showType writes a type in the notation of the table.
func showType(shown *cel.Type) string {
	switch shown.Kind() {
	case types.DynKind, types.AnyKind, types.TypeParamKind:
		return "dyn"
	case types.TypeKind:
		// Of which type it is a value, the table does not say.
		return "type"
	}
	name, isOpaque := opaqueNames[shown.TypeName()]
	if !isOpaque {
		name = shown.TypeName()
	}
	if len(shown.Parameters()) == 0 {
		return name
	}
	var parts []string
	for _, part := range shown.Parameters() {
		parts = append(parts, showType(part))
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}
