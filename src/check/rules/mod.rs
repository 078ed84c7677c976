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
    single_holder,
    hours_not_covered,
    role_without_access,
    missing_owner,
    no_next_in_line,
    holders_not_stated,
    // growth
    missing_volume,
    capacity_exceeded,
    rate_limit_exceeded,
    limit_near,
    recovery_does_not_scale,
    // shared fate
    recovery_needs_what_failed,
    detection_needs_what_failed,
    escalation_needs_what_failed,
    fallback_shares_fate,
    handbook_unreachable,
    missing_contact,
    // governance
    missing_context,
    missing_metric,
    review_overdue,
    high_priority_unanswered,
    overdue_action,
    premortem_overdue,
    // learning
    unforeseen_incident,
    likelihood_contradicted,
    failed_recovery_unrevised,
    // outage questions
    all_at_once,
    unverified_process,
    deletion_without_scope,
    missing_abort,
    requirement_not_on_path,
    temporary_without_undo,
    wrong_signal_not_considered,
    way_back_crosses_writes,
    drill_predates_change,
    dependencies_not_stated,
    limit_not_stated,
    return_load_not_considered,
    expiry_not_stated,
    expiry_near,
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}
