// First of all: no wall clock, no chance, nothing that makes code out of text. The same question has the same answer on every day.
Date.now = () => 0;
delete Math.random;
for (const name of ['eval', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef']) delete globalThis[name];
