/**
 * Keeps an element of the document in step with a tree of nodes, changing only what is different, so that focus, scroll
 * position and half-typed words survive. Text goes in as text; no markup is ever parsed.
 */

/** What only says how a field starts: written once, when the element is made. */
const STARTS = new Set(['value', 'checked', 'selected', 'open']);

/**
 * @param {Element} root
 * @param {(action: object, event: Event) => void} dispatch called for each event a node listens to
 */
export function createMount(root, dispatch) {
  let shown;
  return function show(node) {
    const element = shown === undefined ? create(node, dispatch) : patch(shown.element, shown.node, node, dispatch);
    if (shown === undefined) root.replaceChildren(element);
    shown = { node, element };
  };
}

function create(node, dispatch) {
  if (typeof node === 'string') return document.createTextNode(node);
  const element = document.createElement(node.tag);
  element.actions = node.on;
  element.append(...node.children.map((child) => create(child, dispatch)));
  for (const [name, value] of Object.entries(node.attributes)) {
    if (name === 'value' && node.tag !== 'option') element.value = value;
    else element.setAttribute(name, value);
  }
  listen(element, node, dispatch);
  return element;
}

/** Listeners stay; what they do is looked up when they are called, because the next tree may say otherwise. */
function listen(element, node, dispatch) {
  element.heard ??= new Set();
  for (const name of Object.keys(node.on)) {
    if (element.heard.has(name)) continue;
    element.heard.add(name);
    element.addEventListener(name, (event) => {
      const action = element.actions[name];
      if (action === undefined) return;
      if (name === 'submit') event.preventDefault();
      dispatch(action, event);
    });
  }
}

function patch(element, before, after, dispatch) {
  if (typeof before === 'string' || typeof after === 'string') {
    if (before === after) return element;
    if (typeof before === 'string' && typeof after === 'string') {
      element.nodeValue = after;
      return element;
    }
  }
  if (before.tag !== after.tag || before.key !== after.key) {
    const next = create(after, dispatch);
    element.replaceWith(next);
    return next;
  }
  element.actions = after.on;
  listen(element, after, dispatch);
  for (const name of Object.keys(before.attributes)) {
    if (!(name in after.attributes) && !STARTS.has(name)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(after.attributes)) {
    if (before.attributes[name] !== value && !STARTS.has(name)) element.setAttribute(name, value);
  }
  patchChildren(element, before.children, after.children, dispatch);
  return element;
}

/** Keyed children are found wherever they were; the others are matched in their order. */
function patchChildren(parent, before, after, dispatch) {
  const elements = [...parent.childNodes];
  const byKey = new Map();
  const unkeyed = [];
  before.forEach((node, index) => {
    const entry = { node, element: elements[index] };
    if (typeof node !== 'string' && node.key !== undefined) byKey.set(node.key, entry);
    else unkeyed.push(entry);
  });
  const wanted = after.map((node) => {
    const key = typeof node === 'string' ? undefined : node.key;
    let old;
    if (key === undefined) old = unkeyed.shift();
    else {
      old = byKey.get(key);
      byKey.delete(key);
    }
    return old === undefined ? create(node, dispatch) : patch(old.element, old.node, node, dispatch);
  });
  for (const { element } of [...byKey.values(), ...unkeyed]) element.remove();
  wanted.forEach((element, index) => {
    if (parent.childNodes[index] !== element) parent.insertBefore(element, parent.childNodes[index] ?? null);
  });
}
