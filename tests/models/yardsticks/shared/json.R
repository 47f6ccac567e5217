# How yardsticks are written: numbers, texts and nested lists are all there is.

number <- function(x) ifelse(is.finite(x), formatC(x, digits = 10, width = 1, format = "g"), "null")

json <- function(x, indent = "") {
  if (is.character(x)) return(sprintf('"%s"', x))
  if (!is.list(x)) return(if (length(x) == 1) number(x) else sprintf("[%s]", paste(number(x), collapse = ", ")))
  inner <- paste0(indent, " ")
  parts <- sprintf('%s"%s": %s', inner, names(x), vapply(x, json, "", indent = inner))
  sprintf("{\n%s\n%s}", paste(parts, collapse = ",\n"), indent)
}

made_by <- sprintf("R %s.%s, survival %s", R.version$major, R.version$minor, packageVersion("survival"))

# Rscript SCRIPT [FILE] writes FILE, or the document of the script's name beside it.
write_yardsticks <- function(yardsticks, script) {
  given <- commandArgs(trailingOnly = TRUE)
  writeLines(json(yardsticks), if (length(given)) given[1] else sub("\\.R$", ".json", script))
}
