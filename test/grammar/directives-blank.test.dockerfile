# SYNTAX TEST "source.dockerfile" "nothing is a directive after a blank line"

# syntax=docker/dockerfile:1
# <---------------------------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
FROM a
# <---- keyword.other.special-method.dockerfile
