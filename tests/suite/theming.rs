//! Themes: a file of the project over a file of the default theme.

use crate::battery::{built, whole};
use crate::project::Project;

fn themed(files: &[(&str, &str)]) -> Project {
    let project = whole().file("forewarn.toml", "title = \"Battery\"\ntheme = \"acme\"\n");
    files.iter().fold(project, |project, (path, text)| project.file(&format!("themes/acme/{path}"), text))
}

fn page(project: &Project, path: &str) -> String {
    String::from_utf8(built(project)[path].clone()).expect("UTF-8")
}

#[test]
fn one_block_of_the_frame_is_overridden_on_every_page() {
    let base =
        "{% extends \"default/base.html\" %}\n{% block head %}<link rel=\"stylesheet\" href=\"{{ site.theme }}extra.css\">{% endblock %}\n";
    let project = themed(&[("templates/base.html", base), ("static/extra.css", "body { margin: 0 }\n")]);
    for path in ["index.html", "deploy/index.html", "gaps/index.html"] {
        assert!(page(&project, path).contains("_theme/extra.css\">"), "{path}");
    }
    assert_eq!(project.read("public/_theme/extra.css"), "body { margin: 0 }\n");
}

#[test]
fn one_component_is_overridden_wherever_it_is_used() {
    let component = "{% component class_tag(class) -%}\n<b class=\"mine\">{{ class.title }}</b>\n{%- endcomponent class_tag %}\n";
    let project = themed(&[("templates/acme-parts.html", component)]);
    assert!(page(&project, "deploy/index.html").contains("<b class=\"mine\">"));
}

#[test]
fn one_static_file_takes_the_place_of_the_default() {
    let project = themed(&[("static/style.css", "/* mine */\n")]);
    built(&project);
    assert_eq!(project.read("public/_theme/style.css"), "/* mine */\n");
}

#[test]
fn an_unknown_variable_names_template_line_and_page() {
    let base = "{% extends \"default/base.html\" %}\n{% block title %}{{ page.titel }}{% endblock %}\n";
    let ran = themed(&[("templates/base.html", base)]).run("build");
    assert_eq!(ran.code, 2);
    for word in ["base.html", "line 2", "titel", "index.html"] {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
}

#[test]
fn a_theme_that_is_nowhere_is_a_fault() {
    let project = whole().file("forewarn.toml", "theme = \"acme\"\n");
    assert_eq!(project.places("--only invalid-value"), ["forewarn.toml:1:9 invalid-value"]);
}
