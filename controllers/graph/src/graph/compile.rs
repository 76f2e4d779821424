//! From texts to programs, and to what they read.

use std::collections::{BTreeMap, BTreeSet};

use cairn_cel::check::{Read, Step};
use cairn_cel::span::Span;
use cairn_cel::template::Template;
use cairn_cel::{Env, Program, Type};

use super::attempt::{Attempt, expression, template};
use super::visible::{Usage, refusal};
use super::{Programs, Types};
use crate::definition::{Definition, Expression, Node, Text};
use crate::problem::{Problem, field};

/// The conditions that the operator makes of an instance; others are those of the definition itself.
const BUILT_IN: [&str; 6] = ["InstanceManaged", "GraphResolved", "ResourcesReady", "Ready", "Reconciling", "Stalled"];

/// Compiles the expressions of one definition.
pub(super) struct Compiler<'d> {
    positions: BTreeMap<&'d str, usize>,
    /// The variables with all that is known of them.
    strict: Env,
    /// The same, but nothing is known of the objects of others.
    loose: Env,
    types: &'d Types,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
}

impl<'d> Compiler<'d> {
    pub(super) fn new(definition: &'d Definition, types: &'d Types) -> Self {
        let positions = definition.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut strict = Env::new().with("schema", types.instance.clone());
        let mut loose = strict.clone();
        for node in &definition.nodes {
            let wrap = |one: Type| if node.is_collection() { Type::list(one) } else { one };
            let one = single(types, node);
            let vague = if types.loose.contains(node.id.as_str()) { Type::Dyn } else { one.clone() };
            strict = strict.with(node.id.as_str(), wrap(one));
            loose = loose.with(node.id.as_str(), wrap(vague));
        }
        Self { positions, strict, loose, types, problems: Vec::new(), warnings: Vec::new() }
    }

    /// The programs of a resource, and the positions of the resources that it needs.
    pub(super) fn node(&mut self, node: &Node) -> (Programs, BTreeSet<usize>) {
        let mut needs = BTreeSet::new();
        let include_when = self.expressions(&node.include_when, Some(node), Usage::IncludeWhen, &mut needs);
        let lists = node.for_each.iter().map(|iterator| iterator.list.clone()).collect::<Vec<_>>();
        let for_each = self.expressions(&lists, Some(node), Usage::ForEach, &mut needs);
        let texts = self.texts(node.texts(), Some((node, &for_each)), Usage::Template, &mut needs);
        // What a resource waits for to be ready is itself, and no dependency.
        let ready_when = self.expressions(&node.ready_when, Some(node), Usage::ReadyWhen, &mut BTreeSet::new());
        (Programs { texts, ready_when, include_when, for_each }, needs)
    }

    /// Compiles texts; the iterators of a resource are variables in those of its template.
    pub(super) fn texts(
        &mut self,
        texts: &[Text],
        node: Option<(&Node, &[Program])>,
        usage: Usage,
        needs: &mut BTreeSet<usize>,
    ) -> Vec<Template> {
        let types = self.types;
        let mut found = Vec::new();
        for text in texts {
            let prepare = |env: &Env| {
                let Some((node, lists)) = node else { return env.clone() };
                let env = with_iterators(env.clone(), node, lists);
                if is_identity(node, &text.path) { env } else { env.with_omit() }
            };
            let expected = types.fields.get(&text.path);
            let Some(compiled) = self.attempt(&prepare, |env| template(env, text, expected)) else { continue };
            for program in compiled.programs() {
                self.note(program, node.map(|(node, _)| node), usage, (&text.path, None), needs);
            }
            found.push(compiled);
        }
        found
    }

    /// Compiles expressions that stand alone.
    pub(super) fn expressions(
        &mut self,
        expressions: &[Expression],
        node: Option<&Node>,
        usage: Usage,
        needs: &mut BTreeSet<usize>,
    ) -> Vec<Program> {
        let each = node.filter(|node| !node.for_each.is_empty()).map(|node| single(self.types, node));
        let prepare = |env: &Env| match (usage, node) {
            (Usage::ReadyWhen, _) => each.iter().fold(env.clone(), |env, each| env.with("each", each.clone())),
            (Usage::Conditions, _) => env.clone().with_conditions(),
            // They are declared so that the message can say why they cannot be read here.
            (_, Some(node)) => with_iterators(env.clone(), node, &[]),
            (_, None) => env.clone(),
        };
        let mut found = Vec::new();
        for written in expressions {
            let Some(program) = self.attempt(&prepare, |env| expression(env, written, usage)) else { continue };
            self.note(&program, node, usage, (&written.path, Some(written.span)), needs);
            found.push(program);
        }
        found
    }

    /// Tries with all that is known. Where only the schemas of others' objects stand against it, that is a warning:
    /// kro takes such objects for what they turn out to be.
    fn attempt<T>(&mut self, prepare: &dyn Fn(&Env) -> Env, run: impl Fn(&Env) -> Attempt<T>) -> Option<T> {
        let problems = match run(&prepare(&self.strict)) {
            Ok(found) => return Some(found),
            Err(problems) => problems,
        };
        let second = if self.types.loose.is_empty() { None } else { run(&prepare(&self.loose)).ok() };
        if second.is_none() {
            self.problems.extend(problems);
            return None;
        }
        let doubt = "; the object belongs to another, so this is tried all the same";
        self.warnings.extend(problems.into_iter().map(|problem| {
            let message = format!("{}{doubt}", problem.message);
            Problem { message, ..problem }
        }));
        second
    }

    /// Notes which resources a program needs, and refuses what it may not read.
    fn note(
        &mut self,
        program: &Program,
        node: Option<&Node>,
        usage: Usage,
        (path, span): (&str, Option<Span>),
        needs: &mut BTreeSet<usize>,
    ) {
        for variable in program.variables() {
            if let Some(message) = refusal(usage, node, variable) {
                let problem = Problem { span, ..Problem::new(path, message) };
                self.problems.push(problem);
            } else if let Some(at) = self.positions.get(variable.as_str()) {
                needs.insert(*at);
            }
        }
        for read in program.reads().iter().filter(|read| read.variable == "schema") {
            if let Some(message) = unreadable(read, usage) {
                self.problems.push(Problem { span, ..Problem::new(path, message) });
            }
        }
    }
}

/// Why an expression may not read a part of the instance.
fn unreadable(read: &Read, usage: Usage) -> Option<String> {
    let names: Vec<Option<&str>> = read
        .path
        .iter()
        .map(|step| match step {
            Step::Field(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    match names.as_slice() {
        [Some("status"), Some("conditions"), name] if usage == Usage::Conditions => {
            let name = name.unwrap_or("?");
            (!BUILT_IN.contains(&name)).then(|| {
                let known = BUILT_IN.join(", ");
                format!("conditions cannot refer to each other, so {name:?} cannot be read; there are {known}")
            })
        }
        [Some("status"), ..] => {
            Some("the status of the instance cannot be read: it is made from what is observed".to_owned())
        }
        _ => None,
    }
}

/// What tells an object from others must have a value.
fn is_identity(node: &Node, path: &str) -> bool {
    let metadata = field(&field(&node.path, node.source.name()), "metadata");
    ["name", "namespace"].iter().any(|name| field(&metadata, name) == path)
}

fn single(types: &Types, node: &Node) -> Type {
    types.nodes.get(node.id.as_str()).cloned().unwrap_or(Type::Dyn)
}

fn with_iterators(mut env: Env, node: &Node, lists: &[Program]) -> Env {
    for (at, iterator) in node.for_each.iter().enumerate() {
        // Where a list does not compile, positions would not fit, and the error is reported anyway.
        let list = lists.get(at).filter(|_| lists.len() == node.for_each.len());
        let element = match list.map(|list| plain(list.ty())) {
            Some(Type::List(element)) => (**element).clone(),
            _ => Type::Dyn,
        };
        env = env.with(iterator.name.as_str(), element);
    }
    env
}

fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        other => other,
    }
}
