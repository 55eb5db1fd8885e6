/** An item or a map in DynamoDB JSON. */
type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The overhead of a list or a map, even an empty one. Bytes. */
const CONTAINER_BYTES = 3;

/**
 * The size of an item as it counts towards DynamoDB's limit of 400 KB: in bytes, not characters, and with the names of
 * attributes.
 *
 * @returns bytes
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Attributes): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value)));
}

function valueBytes(value: Readonly<Record<string, unknown>>): number {
  const [[type, held] = ['', undefined]] = Object.entries(value);
  const list = Array.isArray(held) ? (held as never[]) : [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(held));
    case 'N':
      return numberBytes(String(held));
    case 'B':
      return Buffer.from(String(held), 'base64').byteLength;
    case 'SS':
      return sum(list.map((one) => valueBytes({ S: one })));
    case 'NS':
      return sum(list.map((one) => valueBytes({ N: one })));
    case 'BS':
      return sum(list.map((one) => valueBytes({ B: one })));
    case 'L':
      return CONTAINER_BYTES + sum(list.map((one) => 1 + valueBytes(one)));
    case 'M':
      return CONTAINER_BYTES + Object.keys(held as Attributes).length + itemBytes(held as Attributes);
    default:
      return 1;
  }
}

/** One byte per two significant digits, rounded up, and one more. */
function numberBytes(text: string): number {
  const [digits = ''] = text.replace(/^-/, '').split(/e/i);
  const significant = digits.replace('.', '').replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(significant.length / 2);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, one) => all + one, 0);
}
