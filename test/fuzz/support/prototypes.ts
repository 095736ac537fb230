const WATCHED = [Object.prototype, Array.prototype, Function.prototype, String.prototype];

const namesBefore = WATCHED.map((prototype) => Reflect.ownKeys(prototype).map(String).sort());

/** Expects that nothing was added to what every object has. */
export function expectCleanPrototypes(): void {
	for (const [index, prototype] of WATCHED.entries()) {
		expect(Reflect.ownKeys(prototype).map(String).sort()).toEqual(namesBefore[index]);
	}
}
