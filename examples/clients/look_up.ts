// Look up one licence and verify several, with the generated TypeScript client.
// usage: look_up.js <number> ...; the register's address is REGISTER_URL.

import createClient from "openapi-fetch";
import type { paths } from "./register.js";

const numbers = process.argv.slice(2);
const first = numbers[0];
if (first === undefined) throw new Error("give a registration number");
const register = createClient<paths>({ baseUrl: process.env.REGISTER_URL ?? "" });

const licence = await register.GET("/v1/licences/{number}", { params: { path: { number: first } } });
if (licence.error) throw new Error(licence.error.detail);
console.log(`${first}: ${licence.data.verdict}`);

const rows = numbers.map((number) => ({ number }));
const verified = await register.POST("/v1/verifications", { body: { rows } });
if (verified.error) throw new Error(verified.error.detail);
for (const row of verified.data.items) console.log(`${row.number}: ${row.verdict}`);
