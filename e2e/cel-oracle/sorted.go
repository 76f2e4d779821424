package main

import (
	"slices"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// sortedAdapter makes maps whose entries come in the order of their keys.
//
// cel-go goes over a map in the order of Go, which is another one every time, so
// that each order is a right answer. This one is that of Cairn's evaluator, and
// the answer is the same in every run.
type sortedAdapter struct {
	types.Adapter
}

// NativeToValue implements [types.Adapter]. What holds other values is made with
// this adapter, so that it reaches the maps inside.
func (a sortedAdapter) NativeToValue(value any) ref.Val {
	switch value := value.(type) {
	case map[string]any:
		return sortedMap{types.NewStringInterfaceMap(a, value)}
	case map[ref.Val]ref.Val:
		return sortedMap{types.NewRefValMap(a, value)}
	case []any:
		return types.NewDynamicList(a, value)
	case []ref.Val:
		return types.NewRefValList(a, value)
	}
	return a.Adapter.NativeToValue(value)
}

// sortedMap hides that the map inside offers another way to go over it, for
// comprehensions of two variables.
type sortedMap struct {
	traits.Mapper
}

// Iterator implements [traits.Iterable].
func (m sortedMap) Iterator() traits.Iterator {
	return types.NewRefValList(types.DefaultTypeAdapter, sortedKeys(m.Mapper)).Iterator()
}

// IsZeroValue implements [traits.Zeroer].
func (m sortedMap) IsZeroValue() bool {
	return m.Size() == types.IntZero
}

func sortedKeys(entries traits.Mapper) []ref.Val {
	var keys []ref.Val
	for each := entries.Iterator(); each.HasNext() == types.True; {
		keys = append(keys, each.Next())
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// compareKeys sorts truth values before numbers before texts.
func compareKeys(a, b ref.Val) int {
	if order, comparable := a.(traits.Comparer).Compare(b).(types.Int); comparable && order != 0 {
		return int(order)
	}
	return keyRank(a) - keyRank(b)
}

func keyRank(key ref.Val) int {
	return slices.Index([]ref.Type{types.BoolType, types.IntType, types.UintType, types.StringType}, key.Type())
}
