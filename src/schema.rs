//! The JSON schema of everything that authors declare, derived from the types that read it.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::parse::blocks::{DecisionBlock, FailureBlock, StepBlock};
use crate::parse::front_matter::{IncidentKeys, PageKeys, PremortemKeys, ProcessKeys, RoleKeys, SystemKeys};
use crate::parse::value::PageKind;
use crate::settings::SettingsKeys;

/// The schema, as text: `$defs` has the front matter of each kind (`page`, `process` …), each block (`step`, `decision`, `failure`) and
/// the `settings`.
pub fn json() -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut defs = Map::new();
    for kind in PageKind::ALL {
        defs.insert(kind.name().to_owned(), front_matter(*kind, &mut generator));
    }
    let mut add = |name: &str, schema: Schema| defs.insert(name.to_owned(), schema.to_value());
    add("step", StepBlock::json_schema(&mut generator));
    add("decision", DecisionBlock::json_schema(&mut generator));
    add("failure", FailureBlock::json_schema(&mut generator));
    add("settings", SettingsKeys::json_schema(&mut generator));
    for (name, definition) in generator.take_definitions(true) {
        defs.entry(name).or_insert(definition);
    }
    let mut schema = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "forewarn: front matter, blocks and settings",
        "$defs": defs,
    });
    RecursiveTransform(require).transform(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Keys that cannot be left out carry a mark where they are declared; a schema lists them beside its properties.
fn require(schema: &mut Schema) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let marked = properties
        .iter_mut()
        .filter_map(|(key, property)| property.as_object_mut()?.remove("x-required").map(|_| Value::from(key.as_str())));
    let marked: Vec<Value> = marked.collect();
    if !marked.is_empty() {
        schema.insert("required".to_owned(), marked.into());
    }
}

/// The keys of every page with those of one kind.
fn front_matter(kind: PageKind, generator: &mut SchemaGenerator) -> Value {
    let mut schema = PageKeys::json_schema(generator).to_value();
    let own = match kind {
        PageKind::Page => return schema,
        PageKind::Process => ProcessKeys::json_schema(generator),
        PageKind::System => SystemKeys::json_schema(generator),
        PageKind::Role => RoleKeys::json_schema(generator),
        PageKind::Incident => IncidentKeys::json_schema(generator),
        PageKind::Premortem => PremortemKeys::json_schema(generator),
    };
    let own = own.to_value();
    if let (Some(all), Some(properties)) = (schema["properties"].as_object_mut(), own["properties"].as_object()) {
        all.extend(properties.iter().map(|(key, value)| (key.clone(), value.clone())));
        all.insert("kind".to_owned(), json!({ "const": kind.name() }));
    }
    schema["description"] = json!(format!("The front matter of a page of kind {kind}."));
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_schema_has_every_declaration_and_its_keys() {
        let schema: Value = serde_json::from_str(&super::json()).unwrap();
        for name in ["page", "process", "system", "role", "incident", "premortem", "step", "decision", "failure", "settings"] {
            assert!(schema["$defs"][name]["properties"].is_object(), "{name}");
        }
        assert!(schema["$defs"]["system"]["properties"]["type"].is_object());
        assert_eq!(schema["$defs"]["incident"]["required"], serde_json::json!(["date", "process"]));
        assert_eq!(schema["$defs"]["failure"]["required"], serde_json::json!(["class"]));
    }
}
