package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

const (
	// batch is how long one measurement takes at least, so that the clock does not count.
	batch = 2 * time.Millisecond
	// batches is how many are taken: the quickest is the one that was disturbed least.
	batches = 60
)

// bench measures every row, and the conversion of its variables to values: a
// line each, with nanoseconds and then the expression, or "conversion".
func bench(files []string, out io.Writer) error {
	oracle, err := newOracle(types.DefaultTypeAdapter)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(out)
	for _, file := range files {
		rows, err := readRows(file)
		if err != nil {
			return err
		}
		for _, row := range rows {
			nanoseconds, err := oracle.measure(row)
			if err != nil {
				return fmt.Errorf("%s: %w", row.place, err)
			}
			fmt.Fprintf(buffered, "%.1f %s\n", nanoseconds, row.expr)
		}
		if len(rows) > 0 {
			fmt.Fprintf(buffered, "%.1f conversion\n", quickest(func() { convert(rows[0].vars) }))
		}
	}
	return buffered.Flush()
}

// measure is how many nanoseconds an evaluation takes, with all that cel-go can
// do beforehand.
func (o *oracle) measure(r row) (float64, error) {
	env, err := o.declare(r.vars)
	if err != nil {
		return 0, err
	}
	ast, issues := env.Compile(r.expr)
	if issues.Err() != nil {
		return 0, issues.Err()
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return 0, err
	}
	bound := bindings(r.vars)
	if _, _, err := program.Eval(bound); err != nil {
		return 0, err
	}
	return quickest(func() { program.Eval(bound) }), nil
}

// convert makes values of variables, down to the last field.
func convert(vars []variable) {
	for _, v := range vars {
		deeply(types.DefaultTypeAdapter.NativeToValue(v.value))
	}
}

func deeply(value ref.Val) {
	switch value := value.(type) {
	case traits.Mapper:
		for each := value.Iterator(); each.HasNext() == types.True; {
			deeply(value.Get(each.Next()))
		}
	case traits.Lister:
		for each := value.Iterator(); each.HasNext() == types.True; {
			deeply(each.Next())
		}
	}
}

func quickest(work func()) float64 {
	count := 1
	for timed(work, count) < batch {
		count *= 2
	}
	best := timed(work, count)
	for range batches {
		best = min(best, timed(work, count))
	}
	return float64(best.Nanoseconds()) / float64(count)
}

func timed(work func(), count int) time.Duration {
	start := time.Now()
	for range count {
		work()
	}
	return time.Since(start)
}
