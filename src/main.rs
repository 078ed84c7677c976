//! Arguments, dispatch, exit code. The only place that ends the process.

use std::process::ExitCode;

fn main() -> ExitCode {
    forewarn::cli::main()
}
