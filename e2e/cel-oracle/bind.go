package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
)

// bind makes of JSON what a variable of the type holds. Kubernetes does the same
// by an object's schema: the format byte makes bytes of a text, and so on.
func bind(declared *cel.Type, value any) (any, error) {
	switch declared.Kind() {
	case types.ListKind:
		return bindList(declared.Parameters()[0], value)
	case types.MapKind:
		return bindMap(declared.Parameters()[1], value)
	case types.DynKind:
		return bindUntyped(value)
	}
	if text, isText := value.(string); isText {
		return bindText(declared, text)
	}
	if number, isNumber := value.(json.Number); isNumber {
		return bindNumber(declared, number)
	}
	if _, isBool := value.(bool); isBool && declared.Kind() == types.BoolKind {
		return value, nil
	}
	return nil, misfit(declared, value)
}

func misfit(declared *cel.Type, value any) error {
	return fmt.Errorf("%v is no %s", value, showType(declared))
}

func bindList(element *cel.Type, value any) (any, error) {
	elements, isList := value.([]any)
	if !isList {
		return nil, misfit(cel.ListType(element), value)
	}
	bound := make([]any, len(elements))
	for index := range elements {
		var err error
		if bound[index], err = bind(element, elements[index]); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

func bindMap(element *cel.Type, value any) (any, error) {
	entries, isMap := value.(map[string]any)
	if !isMap {
		return nil, misfit(cel.MapType(cel.StringType, element), value)
	}
	bound := make(map[string]any, len(entries))
	for key := range entries {
		var err error
		if bound[key], err = bind(element, entries[key]); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

// bindUntyped decides by the value alone, as Kubernetes does for fields that a
// schema does not describe.
func bindUntyped(value any) (any, error) {
	switch value := value.(type) {
	case []any:
		return bindList(cel.DynType, value)
	case map[string]any:
		return bindMap(cel.DynType, value)
	case json.Number:
		if integer, err := value.Int64(); err == nil {
			return integer, nil
		}
		return value.Float64()
	}
	return value, nil
}

func bindText(declared *cel.Type, text string) (any, error) {
	switch declared.Kind() {
	case types.StringKind:
		return text, nil
	case types.BytesKind:
		return base64.StdEncoding.DecodeString(text)
	case types.TimestampKind:
		return time.Parse(time.RFC3339, text)
	case types.DurationKind:
		return time.ParseDuration(text)
	}
	return nil, misfit(declared, text)
}

func bindNumber(declared *cel.Type, number json.Number) (any, error) {
	switch declared.Kind() {
	case types.IntKind:
		return number.Int64()
	case types.UintKind:
		return strconv.ParseUint(number.String(), 10, 64)
	case types.DoubleKind:
		return number.Float64()
	}
	return nil, misfit(declared, number)
}
