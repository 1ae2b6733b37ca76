// What the names of an expression mean: variables of one or several places, the nearest first.

export class Scope {
  /** `values`: Map of names; a place may be asked lazily through `also(name)`. */
  constructor(values, up = null) {
    this.values = values;
    this.up = up;
  }

  /** undefined when nobody knows the name. */
  get(name) {
    for (let scope = this; scope !== null; scope = scope.up) {
      const value = scope.values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  with(name, value) {
    return new Scope(new Map([[name, value]]), this);
  }
}
