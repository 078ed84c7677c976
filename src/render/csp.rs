//! The Content-Security-Policy of the pages, and the one inline script that it admits by its hash.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Restores the chosen colour scheme before anything is painted. Fixed: never built from content.
pub const RESTORER: &str =
    r#"try{var t=localStorage.getItem("forewarn:theme");if(t)document.documentElement.setAttribute("data-theme",t)}catch(e){}"#;

/// The policy of ordinary pages.
pub fn policy() -> String {
    static POLICY: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        format!(
            "default-src 'none'; script-src 'self' '{}'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
            hash(RESTORER)
        )
    });
    POLICY.clone()
}

/// The policy of a page that needs no other file: its style is inline, and it has no script.
pub fn alone(style: &str) -> String {
    format!("default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'", hash(style))
}

fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_browsers_compute() {
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn the_restorer_is_small() {
        assert!(RESTORER.len() <= 300);
    }
}
