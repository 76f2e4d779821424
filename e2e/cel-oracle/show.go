package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// maxShown is how many elements of a list are written: rows that test limits make
// lists of millions.
const maxShown = 1000

// show writes a value in the notation of the table.
func show(value ref.Val) string {
	switch value := value.(type) {
	case types.Null:
		return "null"
	case types.Bool:
		return strconv.FormatBool(bool(value))
	case types.Int:
		return strconv.FormatInt(int64(value), 10)
	case types.Uint:
		return strconv.FormatUint(uint64(value), 10) + "u"
	case types.Double:
		return showDouble(float64(value))
	case types.String:
		return showString(string(value))
	case types.Bytes:
		return showBytes(value)
	case types.Duration:
		return fmt.Sprintf("duration(%q)", showDuration(value.Duration))
	case types.Timestamp:
		return fmt.Sprintf("timestamp(%q)", value.UTC().Format(time.RFC3339Nano))
	case *types.Type:
		return value.TypeName()
	}
	return showComposed(value)
}

func showComposed(value ref.Val) string {
	if optional, isOptional := value.(*types.Optional); isOptional {
		if !optional.HasValue() {
			return "optional.none()"
		}
		return "optional.of(" + show(optional.GetValue()) + ")"
	}
	if opaque, isOpaque := showOpaque(value); isOpaque {
		return opaque
	}
	switch value := value.(type) {
	case traits.Mapper:
		return showMap(value)
	case traits.Lister:
		return showList(value)
	}
	return fmt.Sprintf("?%T %v", value, value)
}

func showDouble(value float64) string {
	switch {
	case math.IsNaN(value):
		return `double("NaN")`
	case math.IsInf(value, 0):
		return fmt.Sprintf(`double("%sInfinity")`, strings.TrimSuffix(fmt.Sprintf("%+g", value)[:1], "+"))
	}
	// Where Rust changes to an exponent, which is how the table writes numbers.
	if size := math.Abs(value); size != 0 && (size < 1e-5 || size >= 1e16) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
		number, err := strconv.Atoi(exponent)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%se%d", mantissa, number)
	}
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func showString(value string) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	// The table is no web page.
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func showBytes(value []byte) string {
	var text strings.Builder
	for _, b := range value {
		if b >= ' ' && b <= '~' && b != '"' && b != '\\' {
			text.WriteByte(b)
		} else {
			fmt.Fprintf(&text, `\x%02x`, b)
		}
	}
	return `b"` + text.String() + `"`
}

// showDuration writes seconds, as protobuf's JSON does.
func showDuration(value time.Duration) string {
	sign, size := "", uint64(value)
	if value < 0 {
		// Of unsigned numbers, the shortest duration's size is one too.
		sign, size = "-", -size
	}
	second := uint64(time.Second)
	fraction := strings.TrimRight(fmt.Sprintf(".%09d", size%second), "0")
	return fmt.Sprintf("%s%d%ss", sign, size/second, strings.TrimSuffix(fraction, "."))
}

func showList(list traits.Lister) string {
	var elements []string
	for each := list.Iterator(); each.HasNext() == types.True; {
		if len(elements) == maxShown {
			elements = append(elements, "…")
			break
		}
		elements = append(elements, show(each.Next()))
	}
	return "[" + strings.Join(elements, ", ") + "]"
}

func showMap(entries traits.Mapper) string {
	var parts []string
	for _, key := range sortedKeys(entries) {
		parts = append(parts, show(key)+": "+show(entries.Get(key)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
