//! The table of rules: one line each, in the order of the manual. A test fails when a rule lacks its file, its page or its line.

use super::rule::Rule;

/// Declares the modules of the rules and puts them into the table.
macro_rules! table {
    ($($rule:ident),* $(,)?) => {
        $(pub mod $rule;)*

        /// Every rule, in the order of the manual.
        pub const RULES: &[Rule] = &[$($rule::RULE),*];
    };
}

table! {
    // structure
    invalid_toml,
    unknown_key,
    invalid_value,
    missing_key,
    duplicate_id,
    unknown_reference,
    broken_link,
    broken_anchor,
    absolute_link,
    url_collision,
    unsafe_url,
    raw_html,
    nesting_too_deep,
    limit_exceeded_input,
    invalid_encoding,
    unclosed_front_matter,
    unclosed_markup,
    symlink_outside,
    special_file,
    unsafe_name,
    unsafe_file,
    external_image,
    link_differs_on_github,
    internal_error,
    no_steps,
    unreachable_step,
    incomplete_decision,
    recovery_loop,
    recovery_cycle,
    invalid_waiver,
    // coverage
    class_not_considered,
    step_without_failure_mode,
    dependency_without_failure_mode,
    missing_detection,
    missing_recovery,
    missing_takeover,
    missing_decision,
    unverified_recovery,
    untested_recovery,
    // hardness
    unrated_failure_mode,
    incomplete_failure_mode,
    late_detection,
    only_outage_considered,
    irreversible_without_guard,
    partial_completion_not_considered,
    missing_timeout,
    unbounded_retry,
    missing_change_window,
    // people
    // growth
    // shared fate
    // governance
    // learning
    // outage questions
    requirement_not_on_path,
    way_back_crosses_writes,
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}
