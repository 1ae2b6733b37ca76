// An embedded Java engine walks the loop: its own tables, full history; a step is one call of complete, in one committed transaction.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public abstract class Walk {
  static final List<String> STEPS = List.of("register", "dispatch", "accept", "rectify", "review", "feedback");
  static final String TITLE = "码头社区卡口无人值守";

  // What each engine has its own words for.
  abstract String version();
  abstract String scriptAttributes();
  abstract void deploy(String name, String diagram);
  abstract String start(String process, Map<String, Object> answers);
  abstract String task(String process, String name);
  abstract void complete(String task, Map<String, Object> answers);
  abstract boolean isRunning(String process);

  void measure(int cases, Path loop) throws Exception {
    deploy("loop.bpmn20.xml", inItsDialect(Files.readString(loop)));
    for (int n = 0; n < 300; n++) walk(0); // until the machine has compiled what is hot
    List<Double> spent = new ArrayList<>();
    for (int n = 0; n < cases; n++) spent.addAll(walk(0));
    List<Double> aged = walk(100);
    System.out.printf("{\"version\": \"%s\", \"ms\": %.4f, \"ms_after_100\": %.4f, \"store\": \"PostgreSQL\", \"sql\": null}%n",
        version(), median(spent), median(aged.subList(aged.size() - 6, aged.size())));
    System.exit(0);
  }

  // Durations without FEEL's sign, the script as an expression, the condition in its language.
  private String inItsDialect(String diagram) {
    return diagram
        .replaceAll("<bpmn:timeDuration>=&quot;(\\w+)&quot;", "<bpmn:timeDuration>$1")
        .replace("<bpmn:scriptTask id=\"weigh\" name=\"定级\" scriptFormat=\"feel\">", "<bpmn:serviceTask id=\"weigh\" " + scriptAttributes() + "=\"${execution.setVariable('weight', 2)}\">")
        .replaceAll("<bpmn:script>.*</bpmn:script>", "")
        .replace("</bpmn:scriptTask>", "</bpmn:serviceTask>")
        .replaceAll("(?s)<bpmn:extensionElements>.*?</bpmn:extensionElements>", "")
        .replace("<bpmn:conditionExpression>rework<", "<bpmn:conditionExpression xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"bpmn:tFormalExpression\">${rework}<");
  }

  private List<Double> walk(int reworks) {
    String id = start("bench_loop", Map.of("title", TITLE));
    List<String> steps = new ArrayList<>(STEPS.subList(0, 3));
    for (int n = 0; n < reworks; n++) steps.addAll(List.of("rectify", "review"));
    steps.addAll(STEPS.subList(3, 6));
    List<Double> spent = new ArrayList<>();
    int left = reworks;
    for (String name : steps) {
      String task = task(id, name);
      Map<String, Object> answers = new HashMap<>();
      answers.put(name + "_note", "已办理，情况属实。");
      if (name.equals("review")) answers.put("rework", left-- > 0);
      long began = System.nanoTime();
      complete(task, answers);
      spent.add((System.nanoTime() - began) / 1e6);
    }
    if (isRunning(id)) throw new IllegalStateException("the case did not end");
    return spent;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
