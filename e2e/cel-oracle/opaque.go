package main

import (
	"fmt"

	"github.com/google/cel-go/common/types/ref"
	"k8s.io/apimachinery/pkg/api/resource"
	k8s "k8s.io/apiserver/pkg/cel"
)

// showOpaque writes a value of a type that only the libraries of Kubernetes have.
func showOpaque(value ref.Val) (string, bool) {
	text := ""
	switch value := value.(type) {
	case k8s.Quantity:
		text = showQuantity(value.Quantity)
	case *k8s.Quantity:
		text = showQuantity(value.Quantity)
	case k8s.IP:
		text = value.String()
	case k8s.CIDR:
		text = value.Prefix.String()
	case k8s.Semver:
		text = value.Version.String()
	case k8s.URL:
		text = value.URL.String()
	case k8s.Format:
		text = value.Name
	default:
		return "", false
	}
	// The table's name of the type is the name of the function that makes one.
	return fmt.Sprintf("%s(%s)", opaqueNames[value.Type().TypeName()], showString(text)), true
}

// showQuantity writes the amount. What a quantity was read from, which its
// String method prefers, is no part of it.
func showQuantity(value *resource.Quantity) string {
	amount := value.DeepCopy()
	return resource.NewDecimalQuantity(*amount.AsDec(), amount.Format).String()
}
