package main

import (
	"os"
	_ "time/tzdata" // time zones of CronJobs

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"          // --logging-format=json
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // client metrics
	_ "k8s.io/component-base/metrics/prometheus/version"  // version metric
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

// etcd is go.etcd.io/etcd/server/v3's main.
func etcd() {
	etcdmain.Main(os.Args)
}

// kubeAPIServer is k8s.io/kubernetes/cmd/kube-apiserver's main.
func kubeAPIServer() {
	os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
}

// kubeControllerManager is k8s.io/kubernetes/cmd/kube-controller-manager's main.
func kubeControllerManager() {
	os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
}
