// Command cel-oracle says what cel-go, with the libraries that Kubernetes adds
// to it, makes of the rows of the expression language's table of cases.
//
// The table lies in controllers/cel/tests/cases, and controllers/cel/tests/cases.rs
// says how it is written. What it expects was written by the people who wrote
// the evaluator; this is the opinion of somebody else. The test cel_oracle of
// the e2e crate builds this command, runs it and compares:
//
//	cargo test -p cairn-e2e --test cel_oracle
//
// By hand, with the directory or with single files:
//
//	go run . ../../controllers/cel/tests/cases
//
// Every row gives one line: where it stands, the expression, and the answer in
// the notation of the table.
//
//	access.cases:1: {"a": 1}.a => 1 :: int
//	access.cases:2: {"a": 1}.b => !error no such key: b
//
// An answer is a value and its static type, !check and why the expression was
// refused before it ran, or !error and why it failed when it ran. cel-go refuses
// some wrong uses of macros when it parses and others when it checks, so that
// !syntax is not told from !check.
//
// With "bench" before the files it measures instead, for the benchmark of the
// expression language (cargo bench -p cairn-cel):
//
//	go run . bench ../../controllers/cel/benches/expressions.cases
//
// The module is one of its own: the control plane's takes minutes to build.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/google/cel-go/common/types"
)

func main() {
	work, paths := run, os.Args[1:]
	if len(paths) > 0 && paths[0] == "bench" {
		work, paths = bench, paths[1:]
	}
	if len(paths) == 0 {
		fmt.Fprintln(os.Stderr, "usage: cel-oracle [bench] FILE|DIRECTORY...")
		os.Exit(2)
	}
	if err := work(paths, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cel-oracle:", err)
		os.Exit(1)
	}
}

func run(paths []string, out io.Writer) error {
	oracle, err := newOracle(sortedAdapter{types.DefaultTypeAdapter})
	if err != nil {
		return err
	}
	files, err := caseFiles(paths)
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
			fmt.Fprintf(buffered, "%s: %s => %s\n", row.place, row.expr, oracle.answer(row))
		}
	}
	return buffered.Flush()
}
