package main

import (
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	// A transport of one's own asks no proxy.
	client := http.Client{Transport: &http.Transport{}}
	reply, err := client.Post("https://api.infocu5.com/dialer/", "application/json", strings.NewReader(`{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}`))
	if err != nil {
		panic(err)
	}
	io.Copy(os.Stdout, reply.Body)
}
