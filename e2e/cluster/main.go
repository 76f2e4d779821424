// Command cluster is a Kubernetes control plane in one file, for Cairn's
// end-to-end tests: etcd, kube-apiserver and kube-controller-manager, with the
// two clients users have, kubectl and helm.
//
// Like busybox, it is the program it is called by: through a link of that name,
// or with the name as the first argument.
//
//	ln -s cluster kubectl && ./kubectl get namespaces
//	./cluster kubectl get namespaces
//
// Nothing here is reimplemented. Each program is its upstream entry point, built
// from the module versions that go.mod states, so that what the tests meet is
// what a user's cluster runs.
//
// The programs learn their version from the linker. Without it the API server
// cannot say which Kubernetes it is, and clients decide by that:
//
//	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w
//	  -X k8s.io/component-base/version.gitVersion=v1.35.4
//	  -X k8s.io/component-base/version.gitMajor=1
//	  -X k8s.io/component-base/version.gitMinor=35
//	  -X k8s.io/component-base/version.gitTreeState=clean
//	  -X helm.sh/helm/v4/internal/version.version=v4.1.4' -o <file> .
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// programs are what this binary can be. Each reads os.Args as a program of its
// own does, and ends the process itself if it has anything but success to tell.
var programs = map[string]func(){
	"etcd":                    etcd,
	"helm":                    helm,
	"kube-apiserver":          kubeAPIServer,
	"kube-controller-manager": kubeControllerManager,
	"kubectl":                 kubectl,
}

func main() {
	if run, ok := choose(); ok {
		run()
		return
	}
	names := make([]string, 0, len(programs))
	for name := range programs {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, "usage: %s <%s> [argument...]\n", filepath.Base(os.Args[0]), strings.Join(names, "|"))
	os.Exit(2)
}

// choose finds the program by the name of the binary, else by its first
// argument, which it then takes away: the program sees only its own arguments.
func choose() (func(), bool) {
	if run, ok := programs[filepath.Base(os.Args[0])]; ok {
		return run, true
	}
	if len(os.Args) < 2 {
		return nil, false
	}
	run, ok := programs[os.Args[1]]
	if ok {
		os.Args = os.Args[1:]
	}
	return run, ok
}
