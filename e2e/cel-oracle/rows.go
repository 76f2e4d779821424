package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/cel-go/cel"
)

// row is one line of the table: an expression, and the variables it may use.
type row struct {
	place string
	expr  string
	vars  []variable
}

// variable is what a line that starts with @var declares and binds.
type variable struct {
	name     string
	declared *cel.Type
	value    any
}

// caseFiles gives the files, and those in the directories, in their order.
func caseFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		found := []string{path}
		if info.IsDir() {
			if found, err = filepath.Glob(filepath.Join(path, "*.cases")); err != nil {
				return nil, err
			}
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file that ends in .cases in %s", strings.Join(paths, ", "))
	}
	return files, nil
}

func readRows(file string) ([]row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []row
	var vars []variable
	// Only a line feed ends a line: an expression may contain other breaks.
	for index, line := range strings.Split(string(text), "\n") {
		place := fmt.Sprintf("%s:%d", filepath.Base(file), index+1)
		if declaration, isVar := strings.CutPrefix(line, "@var "); isVar {
			variable, err := readVariable(declaration)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", place, err)
			}
			vars = append(vars, variable)
		} else if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" {
			// An expression may contain an arrow, what it gives does not.
			end := strings.LastIndex(line, " => ")
			if end < 0 {
				return nil, fmt.Errorf("%s: no =>", place)
			}
			rows = append(rows, row{place: place, expr: line[:end], vars: vars})
		}
	}
	return rows, nil
}

// readVariable reads what follows "@var ": `name: type = json`.
func readVariable(text string) (variable, error) {
	head, value, hasValue := strings.Cut(text, " = ")
	name, notation, hasType := strings.Cut(head, ": ")
	if !hasValue || !hasType {
		return variable{}, fmt.Errorf("want @var name: type = json")
	}
	declared, err := parseType(notation)
	if err != nil {
		return variable{}, err
	}
	// As text, numbers lose nothing before their type is known.
	decoder := json.NewDecoder(bytes.NewReader([]byte(value)))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return variable{}, err
	}
	bound, err := bind(declared, decoded)
	return variable{name: name, declared: declared, value: bound}, err
}
