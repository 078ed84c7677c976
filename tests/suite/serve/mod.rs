//! `forewarn serve`, as a browser, an editor and a hostile page meet it: groups S and W of the battery, and what is promised beyond.

mod answers;
mod incremental;
mod live;
mod server;
mod watching;
