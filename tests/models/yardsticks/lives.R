# Yardsticks for restricted mean lives, for competing kinds of leaving with their errors, and for the test of
# proportional hazards, with late entry, ties and strata, computed by R's package survival.
# Rscript lives.R [FILE]   writes lives.json beside this script, or FILE.

suppressPackageStartupMessages(library(survival))
options(warn = 2)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "shared", "json.R"))
source(file.path(dirname(script), "shared", "truncated.R"))

ends <- c(6, 12, 24, 36)
strict <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50)

by_stratum <- function(data, yardstick) {
  parts <- lapply(split(data, data$stratum), yardstick)
  names(parts) <- paste("stratum", names(parts))
  c(list(all = yardstick(data)), parts)
}

# --- restricted means -----------------------------------------------------------------------------------------------

means_of <- function(data) {
  fit <- survfit(Surv(entry, exit, event) ~ 1, data)
  at <- vapply(ends, function(end) unname(summary(fit, rmean = end)$table[c("rmean", "se(rmean)")]), numeric(2))
  list(months = ends, mean = at[1, ], se = at[2, ])
}

# --- competing kinds ------------------------------------------------------------------------------------------------

# R's own errors are sums over customers. Where each customer's time is cut at every leaving time and each piece stands
# for itself, the pieces of one moment are a multinomial draw and moments are independent: Greenwood's kind of error.
pieces_of <- function(data) {
  data$state <- factor(data$event * data$kind, 0:2, c("there", "one", "two"))
  pieces <- survSplit(Surv(entry, exit, state) ~ ., data, cut = sort(unique(data$exit[data$event == 1])))
  pieces$piece <- seq_len(nrow(pieces))
  pieces
}

shares_of <- function(data) {
  fit <- survfit(Surv(entry, exit, state) ~ 1, pieces_of(data), id = piece, conf.type = "log-log")
  at <- summary(fit, times = ends, extend = TRUE)
  kinds <- lapply(2:3, function(k) list(incidence = at$pstate[, k], se = at$std.err[, k], low = at$lower[, k],
                                        high = at$upper[, k]))
  names(kinds) <- c("one", "two")
  c(list(time = ends), kinds)
}

# The same customers whole: R's robust errors, which differ a little where customers enter late.
robust_of <- function(data) {
  data$state <- factor(data$event * data$kind, 0:2, c("there", "one", "two"))
  fit <- survfit(Surv(entry, exit, state) ~ 1, data, id = seq_along(exit))
  at <- summary(fit, times = ends, extend = TRUE)
  list(time = ends, one = at$std.err[, 2], two = at$std.err[, 3])
}

# --- proportional hazards -------------------------------------------------------------------------------------------

tests_of <- function(fit, terms = FALSE) {
  found <- cox.zph(fit, transform = "km", terms = terms)$table
  list(chi_squared = unname(found[, "chisq"]), degrees_of_freedom = unname(found[, "df"]), p_value = unname(found[, "p"]))
}

plain <- coxph(Surv(entry, exit, event) ~ score + bound + calls, months, control = strict)
stratified <- coxph(Surv(entry, exit, event) ~ score + bound + calls + strata(stratum), months, control = strict)
by_level <- coxph(Surv(entry, exit, event) ~ score + factor(calls) + strata(stratum), months, control = strict)
of_one_kind <- coxph(Surv(entry, exit, event == 1 & kind == 1) ~ score + bound + calls, months, control = strict)
in_days <- coxph(Surv(entry, exit, event) ~ score + bound + calls + strata(stratum), days, control = strict)
cancer <- coxph(Surv(time, status) ~ age + sex + ph.ecog, lung, control = strict)

write_yardsticks(list(
  made_by = made_by,
  means = list(months = by_stratum(months, means_of), days = by_stratum(days, means_of)),
  shares = list(months = by_stratum(months, shares_of), days = by_stratum(days, shares_of)),
  robust = robust_of(months),
  proportional = list(
    months = tests_of(plain), months_stratified = tests_of(stratified), months_by_level = tests_of(by_level, TRUE),
    months_of_one_kind = tests_of(of_one_kind), days_stratified = tests_of(in_days), lung = tests_of(cancer)
  )
), script)
