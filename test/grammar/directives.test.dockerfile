# SYNTAX TEST "source.dockerfile" "parser directives at the top of the file"
# syntax=docker/dockerfile:1.7-labs
# <- meta.directive.dockerfile punctuation.definition.directive.dockerfile - comment.line.number-sign.dockerfile
# ^^^^^^ meta.directive.dockerfile keyword.control.directive.dockerfile - comment.line.number-sign.dockerfile
#       ^ keyword.operator.assignment.dockerfile
#        ^^^^^^ meta.directive.dockerfile meta.image.dockerfile entity.name.type.image.dockerfile
#                          ^^^^^^^^ string.unquoted.tag.dockerfile
#   Check = skip=JSONArgsRecommended,StageNameCasing;error=true
#   ^^^^^ keyword.control.directive.dockerfile
#           ^^^^ variable.parameter.check.dockerfile
#               ^ keyword.operator.assignment.dockerfile
#                ^^^^^^^^^^^^^^^^^^^ constant.other.rule-name.dockerfile
#                                   ^ punctuation.separator.check.dockerfile
#                                    ^^^^^^^^^^^^^^^ constant.other.rule-name.dockerfile
#                                                   ^ punctuation.separator.check.dockerfile
#                                                    ^^^^^ variable.parameter.check.dockerfile
#                                                          ^^^^ constant.language.boolean.dockerfile
#escape=\
#^^^^^^ keyword.control.directive.dockerfile
#       ^ constant.language.escape.dockerfile
# a comment
# <----------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
# syntax=docker/dockerfile:1
# <---------------------------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
FROM scratch
# <---- keyword.other.special-method.dockerfile
