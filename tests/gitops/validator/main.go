// Reads files as the programs read them that they are for: an environment as Pulumi ESC evaluates it, deployment
// settings as Pulumi's CLI takes them apart, a health check as Argo CD's Lua runs it.
//
//	validator esc FILE | deploy FILE | health LUA RESOURCE.json
//
// It prints what is wrong and ends with 1, or what it found. Build it outside the project: go mod init validator;
// go mod tidy; go build.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/esc"
	"github.com/pulumi/esc/eval"
	"github.com/pulumi/esc/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	lua "github.com/yuin/gopher-lua"
	"gopkg.in/yaml.v3"
)

// A login of ESC: what it takes and gives is documented at https://www.pulumi.com/docs/esc/integrations/dynamic-login-credentials/ ;
// Pulumi Cloud's own schemas are not public.
type login struct{ takes, gives schema.Builder }

func (l login) Schema() (*schema.Schema, *schema.Schema) { return l.takes.Schema(), l.gives.Schema() }
func (l login) Open(context.Context, map[string]esc.Value, esc.EnvExecContext) (esc.Value, error) {
	return esc.Value{}, errors.New("nobody logs in here")
}

type text = schema.BuilderMap

func record(names ...string) schema.Builder {
	of := text{}
	for _, name := range names {
		of[name] = schema.String()
	}
	return schema.Record(of)
}

var logins = map[string]login{
	"aws-login": {
		schema.Record(text{"oidc": record("roleArn", "sessionName", "duration")}),
		record("accessKeyId", "secretAccessKey", "sessionToken"),
	},
	"azure-login": {
		schema.Record(text{"clientId": schema.String(), "tenantId": schema.String(), "subscriptionId": schema.String(), "oidc": schema.Boolean()}),
		schema.Record(text{"clientId": schema.String(), "tenantId": schema.String(), "subscriptionId": schema.String(), "oidc": record("token")}),
	},
	"gcp-login": {
		schema.Record(text{"project": schema.Number(), "oidc": record("workloadPoolId", "providerId", "serviceAccount")}),
		schema.Record(text{"project": schema.Number(), "accessToken": schema.String()}),
	},
}

type cloud struct{}

func (cloud) LoadProvider(_ context.Context, name string) (esc.Provider, error) {
	if found, ok := logins[name]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("no provider %q", name)
}

func (cloud) LoadRotator(_ context.Context, name string) (esc.Rotator, error) {
	return nil, fmt.Errorf("no rotator %q", name)
}

func (cloud) LoadEnvironment(_ context.Context, name string) ([]byte, eval.Decrypter, error) {
	return nil, nil, fmt.Errorf("no environment %q", name)
}

func environment(file string, source []byte) error {
	env, diags, err := eval.LoadYAMLBytes(file, source)
	if err != nil || diags.HasErrors() {
		return errors.Join(err, diags)
	}
	context_, err := esc.NewExecContext(map[string]esc.Value{})
	if err != nil {
		return err
	}
	found, diags := eval.CheckEnvironment(context.Background(), file, env, nil, cloud{}, cloud{}, context_, false)
	if len(diags) > 0 {
		return diags
	}
	for name := range found.Properties["environmentVariables"].Value.(map[string]esc.Value) {
		fmt.Println(name)
	}
	return nil
}

func settings(source []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	decoder.KnownFields(true)
	var found struct {
		Settings apitype.DeploymentSettings `yaml:"settings"`
	}
	if err := decoder.Decode(&found); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found.Settings)
}

func health(script string, source []byte) error {
	state := lua.NewState()
	defer state.Close()
	var resource any
	if err := json.Unmarshal(source, &resource); err != nil {
		return err
	}
	state.SetGlobal("obj", asLua(state, resource))
	if err := state.DoString(script); err != nil {
		return err
	}
	found := state.Get(-1).(*lua.LTable)
	fmt.Printf("%s: %s\n", found.RawGetString("status"), found.RawGetString("message"))
	return nil
}

func asLua(state *lua.LState, value any) lua.LValue {
	switch known := value.(type) {
	case string:
		return lua.LString(known)
	case float64:
		return lua.LNumber(known)
	case bool:
		return lua.LBool(known)
	case []any:
		table := state.NewTable()
		for _, each := range known {
			table.Append(asLua(state, each))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for name, each := range known {
			table.RawSetString(name, asLua(state, each))
		}
		return table
	}
	return lua.LNil
}

func main() {
	first, err := os.ReadFile(os.Args[2])
	if err == nil {
		switch os.Args[1] {
		case "esc":
			err = environment(os.Args[2], first)
		case "deploy":
			err = settings(first)
		case "health":
			var resource []byte
			if resource, err = os.ReadFile(os.Args[3]); err == nil {
				err = health(string(first), resource)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
