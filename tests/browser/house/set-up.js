// Before the first test: every site is built with the program under test.
import { buildAll } from "./sites.js";

export default buildAll;
