/** What there is for each flow of a quantity by a channel, made when it is first asked for. */
export class FlowNodes<Quantity, Node> {
  readonly #nodes = new Map<Quantity, Map<string, Node>>();

  constructor(private readonly make: (quantity: Quantity, channel: string) => Node) {}

  get(quantity: Quantity, channel: string): Node {
    let nodes = this.#nodes.get(quantity);
    if (nodes === undefined) {
      nodes = new Map();
      this.#nodes.set(quantity, nodes);
    }
    let node = nodes.get(channel);
    if (node === undefined) {
      node = this.make(quantity, channel);
      nodes.set(channel, node);
    }
    return node;
  }
}
