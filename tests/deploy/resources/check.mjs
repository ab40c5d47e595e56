// Reads objects of KEDA and External Secrets as JSON, and says what their operators would not take or would overlook:
// values are validated by the models that are made from the operators' own sources, names by those models' types.
import { dirname, join } from "node:path";
import { stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const MODELS = {
  "external-secrets.io/v1": "@kubernetes-models/external-secrets/external-secrets.io/v1",
  "keda.sh/v1alpha1": "@kubernetes-models/keda/keda.sh/v1alpha1",
};
const FILE = join(dirname(fileURLToPath(import.meta.url)), "objects.ts");
const OPTIONS = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2023,
  types: [],
};

async function refusal({ apiVersion, kind, ...rest }) {
  const model = (await import(MODELS[apiVersion]))[kind];
  try {
    new model(rest).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

function typed(object, index) {
  const type = `I${object.kind}`;
  return `import type { ${type} as T${index} } from "${MODELS[object.apiVersion]}";
export const o${index}: T${index} = ${JSON.stringify(object)};\n`;
}

function misnamed(objects) {
  const source = objects.map(typed).join("");
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...more) =>
    name === FILE ? ts.createSourceFile(name, source, ...more) : getSourceFile(name, ...more);
  const program = ts.createProgram([FILE], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map((each) => ts.flattenDiagnosticMessageText(each.messageText, " "));
}

const objects = JSON.parse(await text(stdin));
const refused = await Promise.all(objects.map(refusal));
stdout.write(JSON.stringify([...refused.flat(), ...misnamed(objects)]));
