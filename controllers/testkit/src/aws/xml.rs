//! XML as trees.

use std::fmt::Write as _;

/// The namespace in which an element says its type.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An element with its attributes, text and children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The same in the namespace of S3, as the root of a document.
    pub(super) fn s3(name: &str) -> Self {
        Self::new(name).attribute("xmlns", "http://s3.amazonaws.com/doc/2006-03-01/")
    }

    #[must_use]
    pub(super) fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub(super) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// Adds a child that holds nothing but text.
    #[must_use]
    pub(super) fn with(self, name: &str, text: &str) -> Self {
        self.child(Self { text: text.to_owned(), ..Self::new(name) })
    }

    pub(super) fn get(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Text of a child.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).map(|child| child.text.trim())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Parses a document, forgetting about namespaces but that of types.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let document = roxmltree::Document::parse(text).ok()?;
        Some(Self::read(document.root_element()))
    }

    fn read(node: roxmltree::Node<'_, '_>) -> Self {
        let attributes = node.attributes().flat_map(|attribute| match attribute.namespace() {
            Some(XSI) => vec![
                ("xmlns:xsi".to_owned(), XSI.to_owned()),
                (format!("xsi:{}", attribute.name()), attribute.value().to_owned()),
            ],
            _ => vec![(attribute.name().to_owned(), attribute.value().to_owned())],
        });
        Self {
            name: node.tag_name().name().to_owned(),
            attributes: attributes.collect(),
            text: node.children().filter_map(|child| child.is_text().then(|| child.text()).flatten()).collect(),
            children: node.children().filter(roxmltree::Node::is_element).map(Self::read).collect(),
        }
    }

    /// A whole document.
    pub(super) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        // Writing to a string does not fail.
        let _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escape(value));
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        if self.children.is_empty() {
            out.push_str(&escape(&self.text));
        }
        for child in &self.children {
            child.write(out);
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
