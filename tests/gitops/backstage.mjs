// Backstage's own validators, and its templating, for the files that `init --gitops backstage` writes.
//
//   node backstage.mjs PACKAGES check FILE...        each entity as the catalog and the scaffolder check it
//   node backstage.mjs PACKAGES render FILE VALUES   a file of the skeleton, as `fetch:template` renders it
//
// PACKAGES is a folder with node_modules: @backstage/catalog-model, @backstage/plugin-scaffolder-common, nunjucks, yaml, ajv.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [packages, verb, ...rest] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const model = require("@backstage/catalog-model");
const { templateEntityV1beta3Validator } = require("@backstage/plugin-scaffolder-common");
const inside = createRequire(require.resolve("@backstage/plugin-scaffolder-common"));

// Unknown keys pass in Backstage's schema; here what it does not name is refused, except where anything may stand.
const close = (schema) => {
  if (schema?.properties && !("additionalProperties" in schema)) schema.additionalProperties = false;
  for (const each of Object.values(schema?.properties ?? {})) close(each);
  if (schema?.items && !Array.isArray(schema.items)) close(schema.items);
  return schema;
};

const problem = async (entity) => {
  const policies = [
    new model.SchemaValidEntityPolicy(),
    new model.NoForeignRootFieldsEntityPolicy(),
    new model.FieldFormatEntityPolicy(),
  ];
  for (const policy of policies) await policy.enforce(entity);
  const validators = [
    templateEntityV1beta3Validator,
    model.componentEntityV1alpha1Validator,
    model.locationEntityV1alpha1Validator,
  ];
  const known = await Promise.all(validators.map((each) => each.check(entity)));
  if (!known.includes(true)) throw new Error(`nobody knows a ${entity.kind} of ${entity.apiVersion}`);
  if (entity.kind !== "Template") return;
  const Ajv = require("ajv").default ?? require("ajv");
  const found = inside("./Template.v1beta3.schema.json.cjs.js");
  const spec = structuredClone((found.default ?? found).allOf[1].properties.spec);
  delete spec.properties.parameters;
  const strict = new Ajv({ strict: false, allErrors: true });
  const { parameters, ...others } = entity.spec;
  if (!strict.validate(close(spec), others)) throw new Error(strict.errorsText());
  for (const page of parameters) {
    if (!strict.validateSchema(page)) throw new Error(strict.errorsText());
    const form = strict.compile({ type: "object", additionalProperties: false, ...page });
    const bad = { dataset: "Cows!", input: "elsewhere", input_path: "no-slash", lightly_path: "../up/" };
    const own = Object.fromEntries(Object.entries(bad).filter(([name]) => name in page.properties));
    for (const [name, value] of Object.entries(own)) {
      form({ [name]: value });
      if (!form.errors.some((each) => each.instancePath === `/${name}`)) throw new Error(`the form takes ${value}`);
      form({});
      if (!form.errors) throw new Error("the form takes nothing");
    }
  }
};

if (verb === "check") {
  for (const file of rest) {
    for (const document of require("yaml").parseAllDocuments(readFileSync(file, "utf8"))) {
      try {
        await problem(document.toJS());
      } catch (error) {
        console.error(`${file}: ${error.message}`);
        process.exitCode = 1;
      }
    }
  }
} else {
  const nunjucks = require("nunjucks");
  const tags = { variableStart: "${{", variableEnd: "}}" };
  const environment = new nunjucks.Environment(null, { autoescape: false, throwOnUndefined: true, tags });
  process.stdout.write(environment.renderString(readFileSync(rest[0], "utf8"), { values: JSON.parse(rest[1]) }));
}
