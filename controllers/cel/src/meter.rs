//! The limits of one evaluation: how much it may do, and how deep.

use crate::error::EvalError;

/// The most that one evaluation may do and nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Units of cost: one for a step, one for an element made, one for ten bytes of text handled. Kubernetes gives an
    /// expression ten million of much the same unit.
    pub cost: u64,
    /// Nesting of values and of evaluation.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cost: 10_000_000, depth: 128 }
    }
}

/// What is left of the limits while an expression runs.
#[derive(Debug)]
pub struct Meter {
    left: u64,
    depth: usize,
    limits: Limits,
}

impl Meter {
    /// A meter with everything left.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { left: limits.cost, depth: limits.depth, limits }
    }

    /// The cost so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.limits.cost - self.left
    }

    /// Takes units of cost.
    ///
    /// # Errors
    /// There are not so many left.
    pub fn spend(&mut self, units: u64) -> Result<(), Box<EvalError>> {
        if let Some(left) = self.left.checked_sub(units) {
            self.left = left;
            return Ok(());
        }
        self.left = 0;
        Err(EvalError::limit(format!("the expression costs more than the {} units allowed", self.limits.cost)))
    }

    /// Takes the cost of handling so many bytes of text.
    ///
    /// # Errors
    /// As for [`Meter::spend`].
    pub fn text(&mut self, bytes: usize) -> Result<(), Box<EvalError>> {
        self.spend(u64::try_from(bytes / 10).unwrap_or(u64::MAX))
    }

    /// Takes the cost of making or visiting so many elements.
    ///
    /// # Errors
    /// As for [`Meter::spend`].
    pub fn elements(&mut self, count: usize) -> Result<(), Box<EvalError>> {
        self.spend(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Does something one level deeper.
    ///
    /// # Errors
    /// The depth limit is reached, or what is done fails.
    pub fn deeper<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Box<EvalError>>,
    ) -> Result<T, Box<EvalError>> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(EvalError::limit(format!("the value nests deeper than {} levels", self.limits.depth)));
        };
        self.depth = depth;
        let result = work(self);
        self.depth += 1;
        result
    }
}
