package main

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"k8s.io/apiserver/pkg/cel/library"
)

// oracle evaluates rows.
type oracle struct {
	base *cel.Env
}

// newOracle makes the environment that the language of compositions has, as far
// as its functions are those of cel-go and of Kubernetes.
//
// It is not the base environment of k8s.io/apiserver/pkg/cel/environment: that
// one is for admission policies. It refuses literals of mixed types, which
// definitions are full of, and lacks encoders, math and cel.bind.
func newOracle(adapter types.Adapter) (*oracle, error) {
	base, err := cel.NewEnv(
		cel.CrossTypeNumericComparisons(true),
		cel.CustomTypeAdapter(adapter),
		cel.DefaultUTCTimeZone(true),
		cel.EnableIdentifierEscapeSyntax(),
		cel.OptionalTypes(),
		ext.Bindings(),
		ext.Encoders(),
		ext.Lists(),
		ext.Math(),
		ext.Regex(),
		ext.Sets(),
		ext.Strings(),
		ext.TwoVarComprehensions(),
		library.CIDR(),
		library.Format(),
		library.IP(),
		library.JSONPatch(),
		library.Lists(),
		library.Quantity(),
		library.Regex(),
		library.SemverLib(library.SemverVersion(1)),
		library.URLs(),
	)
	return &oracle{base: base}, err
}

// declare makes the environment of rows with these variables.
func (o *oracle) declare(vars []variable) (*cel.Env, error) {
	// To extend an environment takes milliseconds, and few rows have variables.
	if len(vars) == 0 {
		return o.base, nil
	}
	var options []cel.EnvOption
	for _, v := range vars {
		options = append(options, cel.Variable(v.name, v.declared))
	}
	return o.base.Extend(options...)
}

// answer gives what the row gives, on one line.
func (o *oracle) answer(r row) string {
	return strings.ReplaceAll(o.evaluate(r), "\n", " ")
}

func (o *oracle) evaluate(r row) (answer string) {
	// A crash of a library is an answer too, and the other rows have theirs.
	defer func() {
		if crash := recover(); crash != nil {
			answer = fmt.Sprint("!crash ", crash)
		}
	}()
	env, err := o.declare(r.vars)
	if err != nil {
		return "!environment " + err.Error()
	}
	ast, issues := env.Compile(r.expr)
	if issues.Err() != nil {
		return "!check " + issues.Err().Error()
	}
	program, err := env.Program(ast)
	if err != nil {
		return "!check " + err.Error()
	}
	value, _, err := program.Eval(bindings(r.vars))
	if err != nil {
		return "!error " + err.Error()
	}
	if failure, failed := value.(*types.Err); failed {
		return "!error " + failure.Error()
	}
	return show(value) + " :: " + showType(ast.OutputType())
}

func bindings(vars []variable) map[string]any {
	bound := make(map[string]any)
	for _, v := range vars {
		bound[v.name] = v.value
	}
	return bound
}
