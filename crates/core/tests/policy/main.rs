//! Policy seen from outside: published examples, the decision table of entitlement, properties of settlement, the
//! shipped area through time, and a corpus of broken parameter files.

#[cfg(test)]
mod bills;
#[cfg(test)]
mod casebook;
#[cfg(test)]
mod contribution_cases;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod entitlement_cases;
#[cfg(test)]
mod law;
#[cfg(test)]
mod loader;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod second;
#[cfg(test)]
mod settled_case;
#[cfg(test)]
mod settlement_cases;
#[cfg(test)]
mod support;
#[cfg(test)]
mod treatment_cases;
#[cfg(test)]
mod worked_examples;
