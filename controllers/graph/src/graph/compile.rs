//! From texts to programs, and to what they read.

use std::collections::{BTreeMap, BTreeSet};

use cairn_cel::error::CompileError;
use cairn_cel::span::Span;
use cairn_cel::template::{self, Template};
use cairn_cel::{Env, Program, Type};

use super::visible::{Usage, refusal};
use super::{Programs, Types};
use crate::definition::{Definition, Expression, Node, Text};
use crate::problem::Problem;

/// Compiles the expressions of one definition.
pub(super) struct Compiler<'d> {
    positions: BTreeMap<&'d str, usize>,
    shared: Env,
    types: &'d Types,
    pub(super) problems: Vec<Problem>,
}

impl<'d> Compiler<'d> {
    pub(super) fn new(definition: &'d Definition, types: &'d Types) -> Self {
        let positions = definition.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut shared = Env::new().with("schema", types.instance.clone());
        for node in &definition.nodes {
            let one = single(types, node);
            let ty = if node.is_collection() { Type::list(one) } else { one };
            shared = shared.with(node.id.as_str(), ty);
        }
        Self { positions, shared, types, problems: Vec::new() }
    }

    /// The programs of a resource, and the positions of the resources that it needs.
    pub(super) fn node(&mut self, node: &Node) -> (Programs, BTreeSet<usize>) {
        let mut needs = BTreeSet::new();
        let include_when = self.expressions(&node.include_when, node, Usage::IncludeWhen, &mut needs);
        let lists = node.for_each.iter().map(|iterator| iterator.list.clone()).collect::<Vec<_>>();
        let for_each = self.expressions(&lists, node, Usage::ForEach, &mut needs);
        let texts = self.texts(node.texts(), Some((node, &for_each)), Usage::Template, &mut needs);
        // What a resource waits for to be ready is itself, and no dependency.
        let ready_when = self.expressions(&node.ready_when, node, Usage::ReadyWhen, &mut BTreeSet::new());
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
        let mut env = self.shared.clone();
        if let Some((node, lists)) = node {
            env = with_iterators(env, node, lists).with_omit();
        }
        let mut found = Vec::new();
        for text in texts {
            match template::compile(&env, &text.text) {
                Err(error) => self.refuse(error, &text.path, 0),
                Ok(compiled) => {
                    for program in compiled.programs() {
                        self.note(program, node.map(|(node, _)| node), usage, (&text.path, None), needs);
                    }
                    found.push(compiled);
                }
            }
        }
        found
    }

    fn expressions(
        &mut self,
        expressions: &[Expression],
        node: &Node,
        usage: Usage,
        needs: &mut BTreeSet<usize>,
    ) -> Vec<Program> {
        let mut env = self.shared.clone();
        if usage == Usage::ReadyWhen {
            if !node.for_each.is_empty() {
                env = env.with("each", single(self.types, node));
            }
        } else {
            // They are declared so that the message can say why they cannot be read here.
            env = with_iterators(env, node, &[]);
        }
        let mut found = Vec::new();
        for expression in expressions {
            match env.compile(&expression.source) {
                Err(error) => self.refuse(error, &expression.path, expression.span.start),
                Ok(program) => {
                    self.note(&program, Some(node), usage, (&expression.path, Some(expression.span)), needs);
                    if let Some(expected) = unfit(usage, program.ty()) {
                        let message = format!("the value of {usage} has the type {}", program.ty());
                        self.problems
                            .push(Problem::new(&expression.path, message).at(expression.span).expected(expected));
                    }
                    found.push(program);
                }
            }
        }
        found
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
            if matches!(read.path.first(), Some(cairn_cel::check::Step::Field(name)) if name == "status") {
                let message = "the status of the instance cannot be read: it is made from what is observed";
                self.problems.push(Problem { span, ..Problem::new(path, message) });
            }
        }
    }

    /// Reports what does not compile; `start` is where the expression stands in its text.
    fn refuse(&mut self, error: CompileError, path: &str, start: usize) {
        let shift = |span: Span| Span::new(span.start + start, span.end + start);
        match error {
            CompileError::Parse(error) => {
                self.problems.push(Problem::new(path, error.to_string()).at(shift(error.span)));
            }
            CompileError::Check(errors) => self.problems.extend(errors.into_iter().map(|error| {
                let expected = error.expected.map(|ty| ty.to_string());
                let problem = Problem::new(path, error.message).at(shift(error.span)).suggest(error.suggestion);
                Problem { expected, ..problem }
            })),
        }
    }
}

fn single(types: &Types, node: &Node) -> Type {
    types.nodes.get(node.id.as_str()).cloned().unwrap_or(Type::Dyn)
}

fn with_iterators(mut env: Env, node: &Node, lists: &[Program]) -> Env {
    for (at, iterator) in node.for_each.iter().enumerate() {
        // Where a list does not compile, positions would not fit, and the error is reported anyway.
        let list = lists.get(at).filter(|_| lists.len() == node.for_each.len());
        let element = match list.map(Program::ty) {
            Some(Type::List(element)) => (**element).clone(),
            _ => Type::Dyn,
        };
        env = env.with(iterator.name.as_str(), element);
    }
    env
}

/// The type that would be right, where the type of an expression does not serve.
fn unfit(usage: Usage, ty: &Type) -> Option<&'static str> {
    let plain = match ty {
        Type::Optional(inner) => inner,
        other => other,
    };
    match (usage, plain) {
        (_, ty) if ty.is_dyn() => None,
        (Usage::ForEach, Type::List(_)) | (Usage::IncludeWhen | Usage::ReadyWhen, Type::Bool) => None,
        (Usage::ForEach, _) => Some("a list"),
        (Usage::IncludeWhen | Usage::ReadyWhen, _) => Some("bool"),
        _ => None,
    }
}
