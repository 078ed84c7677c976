//! Arguments, dispatch, exit code. The only place that ends the process.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forewarn::cli::main()
}
