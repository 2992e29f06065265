//! The description as a plain page: one file, no script, nothing outside.

use std::fmt::{Display, Formatter, Result, Write};

use serde_json::Value;

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8888 }
section { margin: 1.5rem 0 }
code { font: 0.95em ui-monospace, monospace }
h3 code:first-child { display: inline-block; min-width: 4.5em; font-weight: bold }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid #8884; padding: 0.2rem 0.8rem 0.2rem 0; vertical-align: top }
td:first-child { white-space: nowrap; width: 9rem }
";

/// Renders a description.
pub fn render(description: &Value) -> String {
    let mut page = String::new();
    write_page(&mut page, description).expect("a string takes whatever is written to it");
    page
}

fn write_page(page: &mut String, description: &Value) -> Result {
    let info = &description["info"];
    let (title, version) = (text(&info["title"]), text(&info["version"]));
    write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}: the API</title>\
         <style>{STYLE}</style></head><body><h1>{title} {version}</h1><p>{} HTTP Basic on \
         everything but <code>/api/health</code>; errors are \
         <code>application/problem+json</code>. For programs: \
         <a href=\"/api/openapi.json\">openapi.json</a>.</p>",
        text(&info["description"])
    )?;
    for tag in items(&description["tags"]) {
        write!(page, "<h2>{}</h2>", text(&tag["description"]))?;
        for (path, item) in entries(&description["paths"]) {
            for (method, operation) in entries(item) {
                if items(&operation["tags"]).any(|named| *named == tag["name"]) {
                    write_operation(page, method, path, operation)?;
                }
            }
        }
    }
    page.push_str("<h2>Shapes</h2>");
    let components = &description["components"];
    for (name, schema) in entries(&components["schemas"]) {
        write_schema(page, name, schema)?;
    }
    page.push_str("</body></html>");
    Ok(())
}

fn write_operation(page: &mut String, method: &str, path: &str, operation: &Value) -> Result {
    let method = method.to_ascii_uppercase();
    write!(
        page,
        "<section><h3><code>{}</code> <code>{}</code></h3><p>{} {}</p><table>",
        Escaped(&method),
        Escaped(path),
        text(&operation["summary"]),
        text(&operation["description"])
    )?;
    for parameter in items(&operation["parameters"]) {
        let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
        let words = text(&parameter["description"]);
        write!(page, "<tr><td><code>{name}</code></td><td>in the {place}. {words}</td></tr>")?;
    }
    let body = &operation["requestBody"];
    for (media_type, content) in entries(&body["content"]) {
        let shape = shape(&content["schema"]);
        write!(page, "<tr><td>body</td><td>{}: {shape}</td></tr>", Escaped(media_type))?;
    }
    for (status, response) in entries(&operation["responses"]) {
        let words = text(&response["description"]);
        write!(page, "<tr><td>{}</td><td>{words}", Escaped(status))?;
        for (media_type, content) in entries(&response["content"]) {
            write!(page, ": {} {}", Escaped(media_type), shape(&content["schema"]))?;
        }
        page.push_str("</td></tr>");
    }
    page.push_str("</table></section>");
    Ok(())
}

fn write_schema(page: &mut String, name: &str, schema: &Value) -> Result {
    let name = Escaped(name);
    write!(
        page,
        "<section id=\"{name}\"><h3><code>{name}</code></h3><p>{}</p><table>",
        text(&schema["description"])
    )?;
    let whole = std::iter::once(schema);
    let parts = whole.chain(items(&schema["allOf"])).chain(items(&schema["oneOf"]));
    for part in parts {
        for (field, value) in entries(&part["properties"]) {
            let (shape, words) = (shape(value), text(&value["description"]));
            write!(page, "<tr><td><code>{}</code></td>", Escaped(field))?;
            write!(page, "<td>{shape} {words}</td></tr>")?;
        }
    }
    page.push_str("</table></section>");
    Ok(())
}

/// What a value looks like, with a link where it has a name.
fn shape(schema: &Value) -> String {
    let list =
        |values: &[Value]| values.iter().map(|value| text(value).to_string()).collect::<Vec<_>>();
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = Escaped(name);
        format!("<a href=\"#{name}\"><code>{name}</code></a>")
    } else if let Some(values) = schema["enum"].as_array() {
        format!("<code>{}</code>", list(values).join(" | "))
    } else if schema["items"].is_object() {
        format!("list of {}", shape(&schema["items"]))
    } else if let Some(choices) = schema["oneOf"].as_array() {
        choices.iter().map(shape).collect::<Vec<_>>().join(" or ")
    } else if let Some(types) = schema["type"].as_array() {
        list(types).join(" or ")
    } else {
        text(&schema["type"]).to_string()
    }
}

/// Text for HTML.
struct Escaped<'t>(&'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            c => f.write_char(c),
        })
    }
}

fn text(value: &Value) -> Escaped<'_> {
    Escaped(value.as_str().unwrap_or_default())
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_description_becomes_markup() {
        let trap = "<script>&\"'";
        let page = render(&json!({
            "info": { "title": trap, "description": trap },
            "tags": [{ "name": "t", "description": trap }],
            "paths": { trap: { "get": { "tags": ["t"], "summary": trap,
                "responses": { trap: { "description": trap } } } } },
            "components": { "schemas": { trap: { "properties": { trap: { "type": trap } } } } },
        }));
        assert!(!page.contains("<script"));
        assert!(page.matches("&lt;script&gt;&amp;&quot;&#39;").count() >= 10);
    }

    #[test]
    fn every_operation_is_shown_and_nothing_comes_from_elsewhere() {
        let description = &super::super::DESCRIPTION;
        let page = render(description);
        for (path, item) in entries(&description["paths"]) {
            for (method, _) in entries(item) {
                let method = method.to_uppercase();
                assert!(
                    page.contains(&format!("<code>{method}</code> <code>{path}</code>")),
                    "{path}"
                );
            }
        }
        for outside in ["<script", "http://", "https://", "src="] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
