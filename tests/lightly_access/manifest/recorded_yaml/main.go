// Reads stack files as Pulumi's CLI does, one JSON text a line from standard input, and prints what a program is given:
// {"value": ...} for `config.lightly-access:x`, or {"error": ...}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

func read(text string) (said map[string]any) {
	said = map[string]any{}
	defer func() {
		if failure := recover(); failure != nil {
			said = map[string]any{"error": fmt.Sprint(failure)}
		}
	}()
	project := &workspace.Project{Name: tokens.PackageName("project")}
	stack, err := workspace.LoadProjectStackBytes(nil, project, []byte(text), "Pulumi.x.yaml", encoding.YAML)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	config, err := stack.Config.Decrypt(config.NopDecrypter)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	given := map[string]any{}
	for key, value := range config {
		given[key.String()] = value
	}
	return map[string]any{"value": given}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := out.Encode(read(text)); err != nil {
			panic(err)
		}
	}
}
