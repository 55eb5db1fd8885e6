import { InvalidDefinitionError, type Place, UnsupportedConstructError } from '../definition/definition-errors.ts';

/**
 * The functions of JSONata 2.0.6, the version AWS documents, and those Step Functions adds, without the refused ones
 * below.
 */
const FUNCTIONS = new Set(
  `abs append assert average base64decode base64encode boolean ceil contains count decodeUrl decodeUrlComponent distinct each
  encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger formatNumber fromMillis join keys length lookup
  lowercase map match max merge millis min not now number pad parseInteger power reduce replace reverse round sift single sort
  split spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase zip
  hash parse partition random range uuid`.split(/\s+/),
);

/** Functions refused by name, and why. */
const REFUSED = new Map([
  ['eval', '$eval is disabled by Step Functions; use $parse'],
  ['shuffle', '$shuffle is not played: its order would differ on every run'],
]);

/** The most arguments of functions that would otherwise depend on the machine, and why. */
const REFUSED_ARGUMENTS = new Map([
  ['now', [0, '$now with a picture is not played; write $fromMillis($millis(), picture)']],
  ['random', [0, '$random with a seed is not played: AWS does not document its generator']],
  ['toMillis', [1, '$toMillis with a picture is not played: missing parts would come from the real clock']],
] as const);

/** A node of JSONata's syntax tree. The library's types say little about it. */
type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !(value instanceof RegExp);
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isVariable(node: unknown): node is Node & { value: string } {
  return isNode(node) && node.type === 'variable' && typeof node.value === 'string';
}

/** Visits every node of the tree once. */
function walk(root: unknown, visit: (node: Node) => void, seen = new Set<unknown>()): void {
  if (!isNode(root) || seen.has(root)) return;
  seen.add(root);
  if (!Array.isArray(root)) visit(root);
  for (const value of Object.values(root)) walk(value, visit, seen);
}

/** Names that the expression itself binds: `$x := …`, parameters, `@$x` and `#$i`. */
function localNames(root: unknown): Set<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    if (node.type === 'bind' && isVariable(node.lhs)) names.add(node.lhs.value);
    if (node.type === 'lambda') for (const parameter of nodes(node.arguments)) names.add(String(parameter.value));
    if (typeof node.focus === 'string') names.add(node.focus);
    if (typeof node.index === 'string') names.add(node.index);
  });
  return names;
}

/** Keys of child nodes that are evaluated in the same context as their parent. */
const SAME_CONTEXT = ['lhs', 'rhs', 'arguments', 'expressions', 'condition', 'then', 'else', 'expression'];

/** How a node refers to JSONata's input document, in words; `undefined` if it does not. */
function documentUse(node: Node): string | undefined {
  if (node.type === 'name') return `the field name '${String(node.value)}'`;
  if (node.type === 'wildcard' || node.type === 'descendant' || node.type === 'parent') return `the ${node.type} step`;
  if (isVariable(node) && (node.value === '' || node.value === '$')) return `$${node.value}`;
  return undefined;
}

/**
 * Refuses references to the input document at the top level of an expression, because Step Functions has no input
 * document there (transforming data: no `$`, no `$$`, no unqualified field names).
 */
function refuseDocument(node: unknown, place: Place): void {
  if (!isNode(node) || node.type === 'lambda') return;
  const use = documentUse(node);
  if (use !== undefined) {
    throw new InvalidDefinitionError(place, `${use} has no meaning here; start from $states or a variable`);
  }
  if (node.type === 'path') {
    refuseDocument(nodes(node.steps)[0], place);
    return;
  }
  for (const key of SAME_CONTEXT) {
    for (const child of [node[key]].flat(2)) refuseDocument(child, place);
  }
}

function refuseNewerOperators(node: Node, source: string, place: Place): void {
  if (node.type !== 'condition' || typeof node.position !== 'number') return;
  // JSONata parses `a ?? b` and `$exists(a) ? a : b` to the same tree. The node's position, just behind the operator,
  // tells them apart.
  const operator = source.slice(node.position - 2, node.position);
  if (operator === '??' || operator === '?:') {
    throw new InvalidDefinitionError(
      place,
      `the operator ${operator} is newer than the JSONata 2.0.6 of Step Functions`,
    );
  }
}

/** Checks that Step Functions would accept an expression, and returns the names of the workflow variables it reads. */
export function checkExpression(tree: unknown, source: string, place: Place): Set<string> {
  const locals = localNames(tree);
  const variables = new Set<string>();
  refuseDocument(tree, place);
  walk(tree, (node) => {
    refuseNewerOperators(node, source, place);
    if (node.type === 'transform')
      throw new UnsupportedConstructError(place, 'the transform operator |…| is not played');
    if (node.type === 'function' && isVariable(node.procedure)) {
      const limit = REFUSED_ARGUMENTS.get(node.procedure.value as 'now');
      if (limit !== undefined && nodes(node.arguments).length > limit[0]) {
        throw new UnsupportedConstructError(place, limit[1]);
      }
    }
    if (!isVariable(node) || node.value === '' || node.value === '$' || node.value === 'states') return;
    const refused = locals.has(node.value) ? undefined : REFUSED.get(node.value);
    if (refused !== undefined) throw new UnsupportedConstructError(place, refused);
    if (!locals.has(node.value) && !FUNCTIONS.has(node.value)) variables.add(node.value);
  });
  return variables;
}

/** Whether a variable with this name would hide a function. */
export function isFunctionName(name: string): boolean {
  return FUNCTIONS.has(name) || REFUSED.has(name);
}
